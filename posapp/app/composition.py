"""The running app: every part, started in the order that a fast start needs, and stopped without loss."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication

from posapp.config import CONFIG_NAME, Config, load
from posapp.ui.look import LookKeeper
from posapp.ui.main_window import MainWindow
from posapp.ui.pages import ORDERS

if TYPE_CHECKING:
    from posapp.app.doors import Secrets
    from posapp.config import RemoteConfig
    from posapp.printing.worker import PrintWorker
    from posapp.remote.api import Transport
    from posapp.services.calls import CallRow
    from posapp.storage.backup_worker import BackupWorker
    from posapp.storage.feed import Change
    from posapp.storage.heartbeat import Heartbeat
    from posapp.storage.listener import Listener
    from posapp.storage.server import Server
    from posapp.storage.store import Clock, Store
    from posapp.sync.worker import SyncWorker
    from posapp.ui.context import Context
    from posapp.ui.crash import CrashGuard
    from posapp.ui.stalls import StallWatch

TransportFactory = Callable[["RemoteConfig", str], "Transport"]
_LATEST_START_MS = 1500
_CONFIG_CHECK_MS = 3000
_QUIET_S = 0.15
_SCREENLESS = frozenset({"offscreen", "minimal"})


def make_application() -> QApplication:
    """Return the QApplication of this process, made at the first call."""
    found = QApplication.instance()
    if isinstance(found, QApplication):
        return found
    # Fusion exists everywhere and obeys the palette. Chosen here and not by setStyle, which hands the style
    # to Python: that alone costs 5 ms of the start.
    app = QApplication(["posapp", "-style", "fusion"])
    app.setApplicationName("posapp")
    app.setQuitOnLastWindowClosed(False)
    return app


class App(QObject):
    """One running posapp: `window`, `store`, `sync`; `close` ends everything and loses nothing.

    Making it makes the frame of the window only. `open` follows once that stands on the screen, or at once
    where somebody wants to use the rest; it raises PosError when the database cannot be used.
    """

    store: Store
    context: Context

    def __init__(
        self,
        data_dir: Path,
        *,
        clock: Clock | None = None,
        transport: TransportFactory | None = None,
        secrets: Secrets | None = None,
        training: bool = False,
        screen: str = ORDERS,
        start_sync: bool = True,
        sounds: bool | None = None,
    ) -> None:
        super().__init__()
        self._application = make_application()
        self._data_dir = data_dir
        self._clock = clock
        self._training = training
        self._transport = transport
        self._secrets = secrets
        self._start_sync = start_sync
        self._sounds = self._application.platformName() not in _SCREENLESS if sounds is None else sounds
        self._config_stamp = 0.0
        self._sync: SyncWorker | None = None
        self._printing: PrintWorker | None = None
        self._backups: BackupWorker | None = None
        self._listener: Listener | None = None
        self._heart: Heartbeat | None = None
        self._guard: CrashGuard | None = None
        self._stalls: StallWatch | None = None
        self._opened = self._started = self._closed = False
        self._config = load(data_dir)
        self._look = LookKeeper(self._application, self._config)
        self.window = MainWindow(self._config, training=training, screen=screen)

    @property
    def server(self) -> Server | None:
        """Return the database server that the settings name; the training day is always in a file."""
        from posapp.storage.server import server_at

        url = "" if self._training else str(self._config.get("database", "url"))
        return server_at(url, os.environ) if url else None

    def open(self) -> None:
        """Open the database and fill the window; once it was painted, start sync, listening and sound."""
        if self._opened:
            return
        from posapp.app.collecting import GarbageKeeper
        from posapp.app.doors import WindowDoors
        from posapp.app.turns import ShortTurns
        from posapp.storage.database import open_store, utc_now
        from posapp.ui.context import Context
        from posapp.ui.crash import CrashGuard

        self.store = open_store(self._data_dir, server=self.server, clock=self._clock or utc_now)
        self._opened = True
        doors = WindowDoors(
            self.store,
            secrets=lambda: self.secrets,
            sync=lambda: self.sync,
            printing=lambda: self.printing,
            in_jobs=self._in_jobs,
            leave=self._leave,
            transport=self._transport,
        )
        self.context = Context(self.store, self._config, doors, self._look.holder, training=self._training)
        doors.act_as(lambda: self.context.who)
        self.context.config_changed.connect(self._look.put)
        self._garbage, self._turns = GarbageKeeper(self), ShortTurns(self)
        self._guard = CrashGuard(self)
        self._guard.guard(self.window)
        self.context.tasks.crashed.connect(self._guard.report)
        self.window.attach(self.context)
        if "POSAPP_STALLS" in os.environ:
            from posapp.ui.stalls import SWITCH, watch_if_wanted

            self._stalls = watch_if_wanted(os.environ[SWITCH], self)
        self._start_soon()

    def _start_soon(self) -> None:
        """Start the other parts after a paint; a window that is never shown gets them all the same."""
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self._start_parts)
        self._config_timer = QTimer(self)
        self._config_timer.setInterval(_CONFIG_CHECK_MS)
        self._config_timer.timeout.connect(self._check_config)
        if self.window.was_painted:
            self._late.start(0)
        else:
            self.window.first_painted.connect(self._start_parts)
            self._late.start(_LATEST_START_MS)

    @property
    def sync(self) -> SyncWorker:
        """Return the sync thread's owner; it sends only after the first paint."""
        if self._sync is None:
            from posapp.sync.worker import SyncWorker

            self._sync = SyncWorker(
                self.store, lambda: load(self.store.data_dir), self.secrets, transports=self._transport
            )
        return self._sync

    @property
    def printing(self) -> PrintWorker:
        """Return the owner of the printers' threads; it prints only after the first paint."""
        if self._printing is None:
            from posapp.printing.worker import PrintWorker
            from posapp.ui.paper import print_on_system
            from posapp.ui.raster import rasterize

            self._printing = PrintWorker(
                self.store, lambda: load(self.store.data_dir).printers, rasterize, print_on_system
            )
        return self._printing

    @property
    def secrets(self) -> Secrets:
        """Return where the keys are."""
        if self._secrets is None:
            from posapp.secrets import SecretStore, default_config_dir

            self._secrets = SecretStore(default_config_dir(), os.environ)
        return self._secrets

    def show_screen(self, key: str) -> None:
        """Open a screen, such as "orders" or "settings"."""
        self.window.open_screen(key)

    def wait_idle(self, longest_s: float = 10.0) -> bool:
        """Let the window finish its jobs, signals and painting; tell whether it came to rest in time."""
        tasks, end = self.context.tasks, time.monotonic() + longest_s
        while time.monotonic() < end:
            asked = tasks.asked
            over: list[bool] = []
            tasks.run(lambda: True, over.append)
            quiet_at = time.monotonic() + _QUIET_S
            while time.monotonic() < end and not (over and time.monotonic() >= quiet_at):
                self._application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
                time.sleep(0.002)
            if over and tasks.asked == asked + 1:
                return True
        return False

    def close(self) -> None:
        """Stop the threads, finish what was begun, and take the window away; may be called again."""
        if self._closed:
            return
        self._closed = True
        self.window.close_now()
        if self._opened:
            self._stop_parts()
            self._garbage.stop()
            self._turns.stop()
        self.window.deleteLater()
        # Now and not in some later turn of the loop, which may never come: it listens to the application.
        QCoreApplication.sendPostedEvents(self.window, QEvent.Type.DeferredDelete.value)

    def _stop_parts(self) -> None:
        self._late.stop()
        self._config_timer.stop()
        if self._stalls is not None:
            self._stalls.stop()
        if self._sync is not None:
            self._sync.stop()
        if self._listener is not None:
            self._listener.stop()
        if self._heart is not None:
            self._heart.stop()
        if self._printing is not None:
            self._printing.stop()
        if self._backups is not None:
            self._backups.stop()
        self.context.close()
        if self._guard is not None:
            self._guard.release()
        self.store.close_thread()
        if self.store.kept is not None:
            self.store.kept.close()

    # -- parts that start after the first picture ------------------------------------------------------

    def _start_parts(self) -> None:
        if self._started or self._closed:
            return
        self._started = True
        self._late.stop()
        from posapp.app.heart import beating
        from posapp.storage.listener import Listener
        from posapp.ui.shipping import UsualShipping

        self.context.feed.changed.connect(self._heard)
        UsualShipping(self.context)
        self._heart = beating(self.store)
        self._listener = Listener(self.store)
        self._listener.start()
        if self._start_sync:
            self.sync.start()
        if self._sounds:
            from posapp.ui.sound import SoundPlayer

            self.window.keeper.player = SoundPlayer(self.store.data_dir / "cache", self.window)
        self.window.watch.start(polls=self._start_sync)
        self._look.watch(self.window.windowHandle())
        self.printing.start()
        self.window.prints.start()
        self._keep_backups()
        self._config_timer.start()
        self._answer_calls()

    def _keep_backups(self) -> None:
        """Keep the schedule of backups; the training day needs none."""
        if self._training:
            return
        from posapp.app.chores import forgets_by_age
        from posapp.storage.backup_worker import BackupWorker

        chores = (forgets_by_age(self.store),)
        self._backups = BackupWorker(self.store, lambda: load(self.store.data_dir).backups, chores=chores)
        self._backups.start()

    def _heard(self, change: Change) -> None:
        from posapp.storage.feed import Topic

        if Topic.CALLS in change.topics:
            self._answer_calls()

    def _answer_calls(self) -> None:
        from posapp.services import calls

        store = self.store

        def take() -> list[CallRow]:
            found = calls.take(store, calls.SHOW)
            for call in found:
                calls.answer(store, call.pk, {})
            return found

        self.context.tasks.run(take, self._come_forward, owner=self)

    def _come_forward(self, found: list[CallRow]) -> None:
        for call in found:
            self.window.come_forward(str(call.payload.get("screen") or ""))

    def _in_jobs(self, work: Callable[[], object]) -> None:
        self.context.tasks.run(work)

    def _leave(self) -> None:
        self.window.close_now()

    # -- settings --------------------------------------------------------------------------------------

    def _check_config(self) -> None:
        """Notice settings that another program changed."""
        path = self.store.data_dir / CONFIG_NAME

        def look() -> Config | None:
            stamp = path.stat().st_mtime if path.exists() else 0.0
            if stamp == self._config_stamp:
                return None
            self._config_stamp = stamp
            return load(self.store.data_dir)

        def put(config: Config | None) -> None:
            if config is not None and config != self.context.config:
                self.context.put_config(config)

        self.context.tasks.run(look, put, owner=self)
