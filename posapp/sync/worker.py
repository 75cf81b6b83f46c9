"""The sender that stays: a loop for the command line, and the same loop in a thread for the window."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from posapp.config import CONFIG_NAME, Config
from posapp.domain.errors import PosError
from posapp.log import level_of
from posapp.remote.connect import Secrets
from posapp.services import calls
from posapp.storage.sender import SenderLock, sender_lock_of
from posapp.storage.store import Store
from posapp.sync.driver import Driver, TransportFactory, counts_of
from posapp.sync.ledger import ORIGIN
from posapp.sync.rounds import IDLE_S, Round, RoundResult, standing, to_payload

log = logging.getLogger(__name__)

TURN_S = 0.5  # the longest pause between two looks at what other processes did
LOCK_RETRY_S = 1.0
ASKED_S = 30.0  # the time of a round that a person at the window asked for


@dataclass(slots=True)
class _Asked:
    """A round that another process, or a person at the window, asked for."""

    round: Round
    call: int | None


class SyncLoop:
    """Takes the sender's lock, then drives all remotes until told to stop; follows the settings."""

    def __init__(
        self,
        store: Store,
        load_config: Callable[[], Config],
        secrets: Secrets,
        transports: TransportFactory | None = None,
    ) -> None:
        self.on_round: Callable[[RoundResult], None] | None = None
        self._store = store
        self._load_config = load_config
        self._secrets = secrets
        self._transports = transports
        self._driver: Driver | None = None
        self._stamp: tuple[int, int] | None = None
        self._reload = threading.Event()
        self._kick = threading.Event()
        self._asked: list[_Asked] = []
        self._told: dict[str, int] = {}
        self._counted = (0, 0)
        self._seen_version = -1
        self._logged = ""

    def wake(self, *, force: bool = False) -> None:
        """Look at the outbox now; `force`: try everything, because a person asked. From any thread."""
        if force:
            self._kick.set()
        if self._driver is not None:
            self._driver.wake()

    def reload(self) -> None:
        """Read settings and secrets anew. From any thread."""
        self._reload.set()
        self.wake()

    def run(self, stop: threading.Event) -> None:
        """Send until `stop` is set. Expected failures (a full disk) are logged and tried again."""
        lock = sender_lock_of(self._store, ORIGIN)
        try:
            while not stop.is_set():
                if not lock.acquire():
                    self._pass_on()
                    stop.wait(LOCK_RETRY_S)
                    continue
                try:
                    self._send(stop, lock)
                except PosError as error:
                    self._log_once("Sync stopped for a moment", error)
                    stop.wait(LOCK_RETRY_S)
                finally:
                    self._end_driver(lock)
        finally:
            self._store.close_thread()

    def _pass_on(self) -> None:
        """Let the process that is the sender try everything, if a person asked for it here."""
        if not self._kick.is_set():
            return
        self._kick.clear()
        try:
            calls.ask(self._store, calls.SYNC, {"timeout": ASKED_S})
        except PosError as error:
            self._log_once("The sender cannot be asked", error)

    def _log_once(self, what: str, error: PosError) -> None:
        """Log trouble, but not each second for as long as it lasts."""
        sentence = f"{what}: {error}"
        if sentence != self._logged:
            self._logged = sentence
            log.log(level_of(error), "%s", sentence)

    def _send(self, stop: threading.Event, lock: SenderLock) -> None:
        calls.take_over(self._store, calls.SYNC)
        self._seen_version = -1
        while not stop.is_set() and lock.held:
            driver = self._current_driver()
            driver.holds = lambda: lock.held
            self._look_around(driver)
            driver.urgent = bool(self._asked)
            driver.turn(TURN_S, idle_s=IDLE_S if self._asked else None)
            self._finish_rounds()
            self._tell_rounds(driver)

    def _current_driver(self) -> Driver:
        """Return the driver for the settings as they are now."""
        stamp = _stamp_of(self._store.data_dir / CONFIG_NAME)
        if self._driver is not None and stamp == self._stamp and not self._reload.is_set():
            return self._driver
        self._reload.clear()
        try:
            config = self._load_config()
        except PosError as error:
            if self._driver is None:
                raise
            self._log_once("The settings cannot be used, the old ones still hold", error)
            self._stamp = stamp
            return self._driver
        if self._driver is not None:
            self._driver.close()
        self._driver = None
        driver = Driver(self._store, config, self._secrets, self._transports, with_products=True)
        self._driver = driver
        self._stamp = stamp
        self._told.clear()
        self._counted = (0, 0)
        # Whoever asked for a round gets it from the new driver.
        self._asked = [
            _Asked(Round(driver, max(1.0, asked.round.left_s)), asked.call) for asked in self._asked
        ]
        return driver

    def _look_around(self, driver: Driver) -> None:
        """Notice what other processes wrote, and the rounds that somebody asked for."""
        version = self._store.change_number()
        if version != self._seen_version:
            self._seen_version = version
            driver.look_around()
            if driver.products is not None:
                driver.products.heard()
            for call in calls.take(self._store, calls.SYNC):
                timeout = call.payload.get("timeout", 30)
                seconds = timeout if isinstance(timeout, int | float) else 30
                self._asked.append(_Asked(Round(driver, seconds), call.pk))
                if call.payload.get("reload") is True:
                    self._reload.set()
        if self._kick.is_set():
            self._kick.clear()
            self._asked.append(_Asked(Round(driver, ASKED_S), None))

    def _finish_rounds(self) -> None:
        for asked in [asked for asked in self._asked if asked.round.over()]:
            if asked.call is not None:
                calls.answer(self._store, asked.call, to_payload(asked.round.result()))
            self._asked.remove(asked)

    def _tell_rounds(self, driver: Driver) -> None:
        """Report each pull once, to whoever prints it."""
        if self.on_round is None:
            return
        listed = {name: lane.lists for name, lane in driver.lanes.items()}
        if listed == self._told or driver.under_way:
            return
        self._told = listed
        complete = not any(lane.list_failed for lane in driver.lanes.values())
        pulled, pushed = self._counted
        self._counted = counts_of(driver.lanes)
        reachable = all(lane.reachable for lane in driver.lanes.values())
        self.on_round(standing(driver, pulled=pulled, pushed=pushed, reachable=reachable, complete=complete))

    def _end_driver(self, lock: SenderLock) -> None:
        try:
            if self._driver is not None:
                self._driver.close()
        except PosError as error:
            self._log_once("Sync ended with trouble", error)
        finally:
            self._driver = None
            lock.release()


def _stamp_of(path: Path) -> tuple[int, int]:
    """Return what changes when the settings file is written."""
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


class SyncWorker:
    """The loop in a thread of its own."""

    def __init__(
        self,
        store: Store,
        load_config: Callable[[], Config],
        secrets: Secrets,
        *,
        transports: TransportFactory | None = None,
    ) -> None:
        self._loop = SyncLoop(store, load_config, secrets, transports)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    def start(self) -> None:
        """Start sending."""
        self._thread.start()

    def wake(self, *, force: bool = False) -> None:
        """Look at the outbox now; `force`: try everything, because a person asked."""
        self._loop.wake(force=force)

    def reload(self) -> None:
        """Read settings and secrets anew."""
        self._loop.reload()

    def stop(self, timeout_s: float = 8.0) -> None:
        """End the thread; what has no answer yet stays marked and is read first at the next start."""
        self._stop.set()
        self._loop.wake()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._loop.run(self._stop)
            except Exception:
                # A bug must not end sending for the day; it is in the log, and the next try starts afresh.
                log.exception("The sync thread failed and starts again")
                time.sleep(1.0)


def run_watch(
    store: Store,
    load_config: Callable[[], Config],
    secrets: Secrets,
    stop: threading.Event,
    on_round: Callable[[RoundResult], None],
    *,
    transports: TransportFactory | None = None,
) -> None:
    """Sync for ever, without a window, until `stop` is set; `on_round` hears of each pull.

    While another process is the sender this one waits and takes over when that one ends.
    """
    loop = SyncLoop(store, load_config, secrets, transports)
    loop.on_round = on_round
    loop.run(stop)
