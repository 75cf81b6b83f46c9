"""The training day at speed, without a screen: played by its script, with a picture of every screen.

The shop is the real training shop in its own process, the sync engine and the window are the real ones; only
the clock is the script's, so that every run shows the same day.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

from posapp.config import Config, RemoteConfig
from posapp.config_file import add_remote, save_setting
from posapp.domain.due import zone_of
from posapp.domain.errors import StorageError
from posapp.domain.who import station_itself
from posapp.sandbox.acts import STAFF_ACTS, StaffAct
from posapp.sandbox.cast import OUTAGE_BEGINS, OUTAGE_ENDS, TOUR
from posapp.sandbox.process import SandboxProcess
from posapp.services import conflicts, orders
from posapp.storage.details import find_order
from posapp.storage.store import Store
from posapp.sync.rounds import run_once

if TYPE_CHECKING:
    from posapp.app import App
    from posapp.ui.screens.orders import OrdersPage

SEED = 1
SHOP = "alma-pizza"
ZONE = "Asia/Almaty"
BEGINS = time(19, 10)
ROUND_S = 10.0
OUTAGE_ROUND_S = 0.3
DECLINED = "bekzat"  # the payment is declined while it cooks
SEEN = "danyar"
NEWEST = "aigerim"
SIZE = (1366, 768)


@dataclass(frozen=True, slots=True)
class Screen:
    """A picture that was written."""

    name: str
    file: Path


class ScriptClock:
    """The clock of the script; it stands still until somebody sets it."""

    def __init__(self, start: datetime) -> None:
        self.start = start
        self.now = start

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


class _Key:
    """The training shop's key, in memory only."""

    def __init__(self, key: str) -> None:
        self._key = key

    def get(self, _namespace: str, _remote_name: str) -> str:
        return self._key

    def set(self, _namespace: str, _remote_name: str, secret: str) -> None:
        self._key = secret


class Day:
    """The training day: the shop, the store, the staff's acts in their order."""

    def __init__(self, shop: SandboxProcess, store: Store, config: Config, clock: ScriptClock) -> None:
        self.shop = shop
        self._store = store
        self._config = config
        self._clock = clock
        self._secrets = _Key(shop.key)
        self._passed = timedelta()

    def go_to(self, moment: timedelta) -> None:
        """Let time pass to a moment of the day, and sync."""
        state = self.shop.advance((moment - self._passed).total_seconds())
        self._passed = moment
        self._clock.now = state.now
        self.sync()

    def sync(self) -> None:
        """Do one round, a short one in the scripted outage: there is nobody to wait for."""
        outage = OUTAGE_BEGINS <= self._passed < OUTAGE_ENDS
        run_once(self._store, self._config, self._secrets, OUTAGE_ROUND_S if outage else ROUND_S)

    def play(self, acts: tuple[StaffAct, ...]) -> None:
        """Let the staff act, each at its time."""
        who = station_itself(self._config.station)
        for act in acts:
            self.go_to(act.at)
            orders.move(self._store, self.order(act.order), act.status, who)
            self.sync()

    def order(self, name: str) -> int:
        """Return the key of the order that the script calls so."""
        ids = {order.name: order.id for order in self.shop.state().orders}
        return find_order(self._store, ids[name])

    def take_theirs(self, name: str) -> None:
        """Let the staff accept what the shop says of an order."""
        conflicts.resolve(self._store, self.order(name), "theirs", station_itself(self._config.station))
        self.sync()


def _start_of_day(zone_name: str) -> datetime:
    zone = zone_of(zone_name)
    return datetime.combine(datetime.now(zone).date(), BEGINS, zone).astimezone(UTC)


@contextmanager
def _training_shop(start: datetime) -> Iterator[SandboxProcess]:
    shop = SandboxProcess.start(SEED, 0, control=True, start=start)
    try:
        yield shop
    finally:
        shop.stop()


def run(out: Path, *, language: str = "en", theme: str = "light") -> list[Screen]:
    """Play the day and write a PNG of every screen into `out`; return them.

    Raises StorageError when `out` cannot be written.
    """
    del language  # one language so far; the command line refuses others
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError("The pictures cannot be written.", f"{out}: {error.strerror}.") from error
    folder = Path(tempfile.mkdtemp(prefix="posapp-tour-"))
    try:
        return _tour(folder, out, theme)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tour(folder: Path, out: Path, theme: str) -> list[Screen]:
    from posapp import app as composition

    start = _start_of_day(ZONE)
    clock = ScriptClock(start)
    with _training_shop(start) as shop:
        save_setting(folder, "station", "name", "Counter 1")
        save_setting(folder, "look", "theme", theme)
        save_setting(folder, "alarm", "sound", value=False)
        config = add_remote(folder, RemoteConfig(SHOP, shop.url))
        app = composition.build(folder, clock=clock, start_sync=False, training=True)
        try:
            app.window.resize(*SIZE)
            app.window.show()
            day = Day(shop, app.store, config, clock)
            return _Album(app, out).fill(day)
        finally:
            app.close()


class _Album:
    """The pictures of one tour."""

    def __init__(self, app: App, out: Path) -> None:
        self._app = app
        self._out = out
        self._screens: list[Screen] = []

    def fill(self, day: Day) -> list[Screen]:
        """Play the day and take the pictures at their moments."""
        before = tuple(act for act in STAFF_ACTS if act.at < OUTAGE_ENDS)
        self._take("orders-empty")
        day.play(before)
        day.go_to(OUTAGE_BEGINS + timedelta(seconds=110))
        self._take("orders-offline")
        day.go_to(OUTAGE_ENDS)
        day.play(STAFF_ACTS[len(before) :])
        day.go_to(TOUR)
        self._open(day.order(DECLINED))
        self._take("orders-conflict")
        day.take_theirs(DECLINED)
        self._open(day.order(SEEN), by_person=True)
        self._open(day.order(NEWEST))
        self._take("orders")
        for section in ("connection", "alerts"):
            self._app.window.open_settings(section)
            self._take("settings" if section == "alerts" else f"settings-{section}")
        return self._screens

    def _open(self, pk: int, *, by_person: bool = False) -> None:
        """Show an order; only if a person opens it, its alarm counts as heard."""
        self._app.show_screen("orders")
        self._app.wait_idle()
        cast("OrdersPage", self._app.window.page).select_order(pk, by_person=by_person)
        self._app.wait_idle()

    def _take(self, name: str) -> None:
        self._app.wait_idle()
        file = self._out / f"{name}.png"
        if not self._app.window.grab().save(str(file)):
            raise StorageError("The picture cannot be written.", str(file), "Check the folder.")
        self._screens.append(Screen(name, file))
