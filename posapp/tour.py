"""The training day at speed, without a screen: played by its script, with a picture of every screen.

The shops are the real training shops in their own process, the sync engine and the window are the real ones;
only the clock is the script's, so that every run shows the same day.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time as clocks
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

from posapp.config import Config
from posapp.config_file import add_remote, save_setting
from posapp.domain.due import zone_of
from posapp.domain.errors import StorageError
from posapp.domain.status import Status
from posapp.domain.who import station_itself
from posapp.sandbox.acts import STAFF_ACTS, StaffAct
from posapp.sandbox.cast import OUTAGE_BEGINS, OUTAGE_ENDS, TOUR
from posapp.sandbox.process import SandboxProcess
from posapp.sandbox.staff_acts import THAMEL_ACTS, EditAct
from posapp.secrets import SecretStore
from posapp.services import conflicts, couriers, dispatch, edits, kitchen, orders
from posapp.services.together import Seen
from posapp.storage.details import find_order
from posapp.storage.kitchen import tickets
from posapp.storage.store import Store
from posapp.sync.rounds import run_once
from posapp.tour_lock import lock_up
from posapp.training import fill_menu, remotes_of, secrets_of

if TYPE_CHECKING:
    from posapp.app import App
    from posapp.ui.screens.delivery import DeliveryPage
    from posapp.ui.screens.editor import EditorPage
    from posapp.ui.screens.orders import OrdersPage

SEED = 1
ZONE = "Asia/Almaty"
BEGINS = time(19, 10)
ROUND_S = 10.0
OUTAGE_ROUND_S = 0.3
EDIT_ROUND_S = 1.0
DECLINED = "bekzat"  # the payment is declined while it cooks
SEEN = "danyar"
NEWEST = "aigerim"
SIZE = (1366, 768)
KITCHEN_SIZE = (1920, 1080)
# Who drives, and what each has on the road in the end; the first one is free, the second on the way back.
RUNS: dict[str, tuple[str, ...]] = {
    "Бауыржан Бек": (),
    "Сергей Тен": ("asel",),
    "Марат Оспан": ("madina", "igor"),
    "Данияр Ким": ("zhanna", "pema"),
}
BACK_SOON = "asel"
COLLECTED = "nurlan"
CHOSEN = ("timur", "aliya")
REFUSED = "sunita"  # the shop does not deliver to the district that was entered
TYPED = {"email": "sunita.s@example", "street": "थामेल मार्ग (Thamel Marg) 27"}


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


class Day:
    """The training day: the shops, the store, the staff's acts in their order."""

    def __init__(
        self, shop: SandboxProcess, store: Store, config: Config, clock: ScriptClock, secrets: SecretStore
    ) -> None:
        self.shop = shop
        self._store = store
        self._config = config
        self._clock = clock
        self._secrets = secrets
        self._passed = timedelta()
        self._couriers: dict[str, int] = {}

    def go_to(self, moment: timedelta) -> None:
        """Let time pass to a moment of the day, and sync."""
        state = self.shop.advance((moment - self._passed).total_seconds())
        self._passed = moment
        self._clock.now = state.now
        self.sync()

    def sync(self, longest_s: float = ROUND_S) -> None:
        """Do one round, a short one in the scripted outage: there is nobody to wait for."""
        outage = OUTAGE_BEGINS <= self._passed < OUTAGE_ENDS
        run_once(self._store, self._config, self._secrets, OUTAGE_ROUND_S if outage else longest_s)

    def play(self, acts: tuple[StaffAct | EditAct, ...]) -> None:
        """Let the staff act, each at its time."""
        who, store = station_itself(self._config.station), self._store
        for act in acts:
            self.go_to(act.at)
            pk = self.order(act.order)
            if isinstance(act, StaffAct):
                orders.move(store, pk, act.status, who)
                self.sync()
            else:
                edits.save(store, pk, dict(act.fields), who, self._config.zone)
                # What is refused is tried once more a second later: not by a clock that stands still.
                self.sync(EDIT_ROUND_S)

    def order(self, name: str) -> int:
        """Return the key of the order that the script calls so."""
        state = self.shop.state()
        ids = {order.name: order.id for order in state.orders}
        ids |= {order.name: order.id for order in state.staff_orders}
        return find_order(self._store, ids[name])

    def open_shift(self) -> None:
        """Let the couriers come."""
        who = station_itself(self._config.station)
        self._couriers = {name: couriers.add(self._store, name, who) for name in RUNS}

    def share_out(self) -> None:
        """Tell who has what on the road; one courier is on the way back, a customer waits at the counter."""
        who, store = station_itself(self._config.station), self._store
        for name, carried in RUNS.items():
            seen = [Seen(self.order(order)) for order in carried]
            dispatch.assign(store, seen, self._couriers[name], who)
        dispatch.deliver(store, [Seen(self.order(BACK_SOON))], who)
        orders.move(store, self.order(COLLECTED), Status.COOKING, who)
        self.sync()

    def make(self, name: str, items: int) -> None:
        """Let the kitchen tick the first items of an order."""
        pk, who = self.order(name), station_itself("Kitchen 1")
        ticket = tickets(self._store, [pk]).get(pk)
        for item in ticket.items[:items] if ticket is not None else ():
            kitchen.tick(self._store, pk, item.item.key, "", who)

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
        config = [add_remote(folder, remote) for remote in remotes_of(shop)][-1]
        secrets = SecretStore(folder / "keys", secrets_of(shop))
        app = composition.build(folder, clock=clock, start_sync=False, training=True, secrets=secrets)
        try:
            app.window.resize(*SIZE)
            app.window.show()
            fill_menu(app.store, config.station)
            day = Day(shop, app.store, config, clock, secrets)
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
        acts = sorted((*STAFF_ACTS, *THAMEL_ACTS), key=lambda act: act.at)
        before = tuple(act for act in acts if act.at < OUTAGE_ENDS)
        day.open_shift()
        self._take("orders-empty")
        day.play(before)
        day.go_to(OUTAGE_BEGINS + timedelta(seconds=110))
        self._take("orders-offline")
        day.go_to(OUTAGE_ENDS)
        day.play(tuple(acts[len(before) :]))
        day.go_to(TOUR)
        self._open(day.order(DECLINED))
        self._take("orders-conflict")
        self._app.show_screen("sync")
        self._take("sync")
        day.take_theirs(DECLINED)
        self._open(day.order(SEEN), by_person=True)
        self._open(day.order(NEWEST))
        self._take("orders")
        self._take_editor(day)
        self._fetch_prices()
        day.share_out()
        self._choose(tuple(day.order(name) for name in CHOSEN))
        self._take("delivery")
        self._take_kitchen(day)
        self._app.show_screen("reports")
        self._take("reports")
        for section in ("connection", "alerts"):
            self._app.window.open_settings(section)
            self._take("settings" if section == "alerts" else f"settings-{section}")
        self._take_menu()
        self._take_new_order()
        lock_up(self._app)
        self._take("lock")
        return self._screens

    def _take_menu(self) -> None:
        """Take the menu, once its list is read."""
        from posapp.ui.settings.menu import MenuSection

        self._app.window.open_settings("menu")
        section = cast("MenuSection", self._app.window.findChild(MenuSection))
        end = clocks.monotonic() + ROUND_S
        while not (section.reader.resting and section.menu.products) and clocks.monotonic() < end:
            self._app.wait_idle()
        self._take("settings-menu")

    def _take_new_order(self) -> None:
        """Take the counter with a cart."""
        from posapp.tour_counter import fill_cart

        page = fill_cart(self._app)
        self._take("new-order")
        page.desk.clear()

    def _take_editor(self, day: Day) -> None:
        """Take the editor: what the shop refused, a slip of the pen, and changes that are not saved yet."""
        self._app.context.edit_wanted.emit(day.order(REFUSED))
        self._app.wait_idle()
        page = cast("EditorPage", self._app.window.page)
        desk = page.desk
        for name, text in TYPED.items():
            desk.type(name, text)
            desk.leave(name)
        desk.fields_changed.emit(tuple(TYPED))
        momo = next(line.key for line in desk.lines.lines if "momo" in line.row.title)
        desk.lines.set_quantity(momo, 2)
        desk.judged.emit()
        page.go_to_error(first=True)
        self._take("order-editor")
        desk.revert()
        page.leave()

    def _fetch_prices(self) -> None:
        """Fetch what the staff shop tells around its orders, by the button in the settings."""
        from posapp.ui.settings.shopinfo import ShopInfoFetch

        self._app.window.open_settings("connection")
        self._app.wait_idle()
        fetch = cast("ShopInfoFetch", self._app.window.findChild(ShopInfoFetch))
        fetch.fetch()
        end = clocks.monotonic() + ROUND_S
        while not fetch.button.isEnabled() and clocks.monotonic() < end:
            self._app.wait_idle()

    def _take_kitchen(self, day: Day) -> None:
        """Take the board on the large screen that kitchens have, with some of the work done."""
        window = self._app.window
        day.make("timur", 1)
        day.make("aliya", 4)
        window.resize(*KITCHEN_SIZE)
        self._app.show_screen("kitchen")
        self._take("kitchen")
        window.resize(*SIZE)

    def _open(self, pk: int, *, by_person: bool = False) -> None:
        """Show an order; only if a person opens it, its alarm counts as heard."""
        self._app.show_screen("orders")
        self._app.wait_idle()
        cast("OrdersPage", self._app.window.page).select_order(pk, by_person=by_person)
        self._app.wait_idle()

    def _choose(self, pks: tuple[int, ...]) -> None:
        """Tick orders on the Delivery screen."""
        self._app.show_screen("delivery")
        self._app.wait_idle()
        page = cast("DeliveryPage", self._app.window.page)
        for pk in pks:
            page.choose(pk)

    def _take(self, name: str) -> None:
        self._app.wait_idle()
        file = self._out / f"{name}.png"
        if not self._app.window.grab().save(str(file)):
            raise StorageError("The picture cannot be written.", str(file), "Check the folder.")
        self._screens.append(Screen(name, file))
