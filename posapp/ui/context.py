"""What every screen is given: the store, the threads, the look, and doors to what lies outside the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

from posapp.config import Config, RemoteConfig
from posapp.domain.who import Who, station_itself
from posapp.storage.store import Store
from posapp.ui.feed_bridge import FeedBridge
from posapp.ui.tasks import Tasks
from posapp.ui.theme import ThemeHolder

WINDOW_ORIGIN = "window"


@dataclass(frozen=True, slots=True)
class TestResult:
    """What a connection test found: a sentence, and whether it is good."""

    __test__ = False  # not a test class

    ok: bool
    sentence: str


class Doors(Protocol):
    """What a screen may ask of the rest of the app; all are quick or run in the jobs' thread as said."""

    def sync_now(self) -> None:
        """Start a sync round at once, ignoring backoff; returns immediately."""

    def save_setting(self, section: str, key: str, value: str | int | bool) -> Config:
        """Save one setting (in the jobs' thread) and return all."""

    def test_remote(self, remote: RemoteConfig, secret: str) -> TestResult:
        """Try a connection (in a thread of its own: up to 20 s); `secret` may be "" for the stored one."""

    def add_remote(self, values: Mapping[str, Any], secret: str) -> Config:
        """Add a shop with its secret (in the jobs' thread); raise RefusedError naming the fields."""

    def replace_secret(self, name: str, secret: str) -> None:
        """Store a new secret for a shop (in the jobs' thread) and try it."""

    def remove_remote(self, name: str) -> Config:
        """Disconnect a shop (in the jobs' thread); its orders stay."""

    def start_training(self) -> None:
        """Start training in a new process and close this window."""


class Context(QObject):
    """Given to every screen by the composition root; `config_changed` fires after a setting was saved."""

    config_changed = Signal(object)  # Config
    message = Signal(str, object)  # a sentence for the toast; a callable that undoes, or None
    problem = Signal(object)  # PosError to show

    def __init__(
        self,
        store: Store,
        config: Config,
        doors: Doors,
        theme: ThemeHolder,
        *,
        training: bool = False,
    ) -> None:
        """Make the threads and bridges of one window."""
        super().__init__()
        self.store = store
        self.config = config
        self.doors = doors
        self.theme = theme
        self.training = training
        self.tasks = Tasks(store.close_thread, self)
        self.feed = FeedBridge(store.feed, self)
        self.tasks.failed.connect(self.problem)

    @property
    def clock(self) -> Callable[[], datetime]:
        """Return the app's clock (aware, UTC)."""
        return self.store.clock

    @property
    def zone(self) -> ZoneInfo:
        """Return the shop's time zone."""
        return self.config.zone

    @property
    def who(self) -> Who:
        """Return who acts at this window."""
        return station_itself(self.config.station)

    def put_config(self, config: Config) -> None:
        """Take new settings and tell the screens."""
        self.config = config
        self.config_changed.emit(config)

    def save_setting(self, section: str, key: str, value: str | int | bool) -> None:
        """Save one setting in the jobs' thread, then tell the screens."""
        self.tasks.run(lambda: self.doors.save_setting(section, key, value), self.put_config, owner=self)

    def close(self) -> None:
        """End the threads, finishing what waits."""
        self.feed.close()
        self.tasks.close()
