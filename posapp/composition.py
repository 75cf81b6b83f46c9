"""The running app: every part, started in the order that a fast start needs, and stopped without loss."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QApplication

from posapp.config import CONFIG_NAME, Config, load
from posapp.doors import WindowDoors
from posapp.services import calls
from posapp.storage.database import open_store, utc_now
from posapp.storage.feed import Change, Topic
from posapp.ui.context import Context
from posapp.ui.crash import CrashGuard
from posapp.ui.look import LookKeeper
from posapp.ui.main_window import MainWindow
from posapp.ui.pages import ORDERS

if TYPE_CHECKING:
    from posapp.config import RemoteConfig
    from posapp.doors import Secrets
    from posapp.remote.api import Transport
    from posapp.storage.listener import Listener
    from posapp.storage.store import Store
    from posapp.sync.worker import SyncWorker

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
    app = QApplication(["posapp"])
    app.setApplicationName("posapp")
    app.setQuitOnLastWindowClosed(False)
    return app


class App(QObject):
    """One running posapp: `window`, `store`, `sync`; `close` ends everything and loses nothing."""

    def __init__(
        self,
        data_dir: Path,
        *,
        clock: Callable[[], datetime] = utc_now,
        transport: TransportFactory | None = None,
        secrets: Secrets | None = None,
        training: bool = False,
        screen: str = ORDERS,
        start_sync: bool = True,
        sounds: bool | None = None,
    ) -> None:
        super().__init__()
        self._application = make_application()
        self._config_stamp = 0.0
        config = load(data_dir)
        self.store: Store = open_store(data_dir, clock=clock)
        self._transport = transport
        self._secrets = secrets
        self._start_sync = start_sync
        self._sounds = self._application.platformName() not in _SCREENLESS if sounds is None else sounds
        self._sync: SyncWorker | None = None
        self._listener: Listener | None = None
        self._started = self._closed = False
        self._look = LookKeeper(self._application, config)
        doors = WindowDoors(
            self.store,
            secrets=lambda: self.secrets,
            sync=lambda: self.sync,
            in_jobs=self._in_jobs,
            leave=self._leave,
            transport=transport,
        )
        self.context = Context(self.store, config, doors, self._look.holder, training=training)
        self.context.config_changed.connect(self._config_changed)
        self.guard = CrashGuard(self)
        self.window = MainWindow(self.context, screen=screen)
        self.context.tasks.crashed.connect(self.guard.report)
        self.guard.guard(self.window)
        self.window.first_painted.connect(self._start_parts)
        # A window that is never shown has no first paint; the rest has to run all the same.
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.timeout.connect(self._start_parts)
        self._late.start(_LATEST_START_MS)
        self._config_timer = QTimer(self)
        self._config_timer.setInterval(_CONFIG_CHECK_MS)
        self._config_timer.timeout.connect(self._check_config)

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
        self._late.stop()
        self._config_timer.stop()
        self.window.close_now()
        if self._sync is not None:
            self._sync.stop()
        if self._listener is not None:
            self._listener.stop()
        self.context.close()
        self.guard.release()
        self.store.close_thread()
        self.window.deleteLater()

    # -- parts that start after the first picture ------------------------------------------------------

    def _start_parts(self) -> None:
        if self._started or self._closed:
            return
        self._started = True
        self._late.stop()
        from posapp.storage.listener import Listener

        self.context.feed.changed.connect(self._heard)
        self._listener = Listener(self.store)
        self._listener.start()
        if self._start_sync:
            self.sync.start()
        if self._sounds:
            from posapp.ui.sound import SoundPlayer

            self.window.keeper.player = SoundPlayer(self.store.data_dir / "cache", self.window)
        self._config_timer.start()
        self._answer_calls()

    def _heard(self, change: Change) -> None:
        if Topic.CALLS in change.topics:
            self._answer_calls()

    def _answer_calls(self) -> None:
        store = self.store

        def take() -> list[calls.CallRow]:
            found = calls.take(store, calls.SHOW)
            for call in found:
                calls.answer(store, call.pk, {})
            return found

        self.context.tasks.run(take, self._come_forward, owner=self)

    def _come_forward(self, found: list[calls.CallRow]) -> None:
        for call in found:
            self.window.come_forward(str(call.payload.get("screen") or ""))

    def _in_jobs(self, work: Callable[[], object]) -> None:
        self.context.tasks.run(work)

    def _leave(self) -> None:
        self.window.close_now()

    # -- settings --------------------------------------------------------------------------------------

    def _config_changed(self, config: Config) -> None:
        self._look.put(config)

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
