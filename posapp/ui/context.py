"""What every screen is given: the store, the threads, the look, and doors to what lies outside the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal

from posapp.config import Config, RemoteConfig
from posapp.config_fields import Value
from posapp.domain.people import Role
from posapp.domain.status import Status
from posapp.domain.who import Who, station_itself
from posapp.storage.store import Store
from posapp.ui.away_watch import AwayWatch
from posapp.ui.feed_bridge import FeedBridge
from posapp.ui.sound import Sound
from posapp.ui.tasks import Tasks
from posapp.ui.theme import ThemeHolder

if TYPE_CHECKING:
    from posapp.printing.printers import Printer

WINDOW_ORIGIN = "window"


@dataclass(frozen=True, slots=True)
class TestResult:
    """What a connection test found: a sentence, and whether it is good."""

    __test__ = False  # not a test class

    ok: bool
    sentence: str


class FetchWatch(Protocol):
    """A fetch as its thread sees it: what to tell, and whether a person stopped it."""

    @property
    def stopped(self) -> bool:
        """Tell whether the person stopped it."""

    def tell(self, what: str, count: int) -> None:
        """Say what is read, and how many there are by now."""

    def at_stop(self, stop: Callable[[], object]) -> None:
        """Call this when the person stops it."""


class Doors(Protocol):
    """What a screen may ask of the rest of the app; all are quick or run in the jobs' thread as said."""

    def sync_now(self) -> None:
        """Start a sync round at once, ignoring backoff; returns immediately."""

    def save_setting(self, section: str, key: str, value: Value) -> Config:
        """Save one setting (in the jobs' thread) and return all."""

    def save_statuses(self, name: str, numbers: Mapping[Status, tuple[int, ...]]) -> Config:
        """Save the status numbers of a staff shop (in the jobs' thread) and return all settings."""

    def test_remote(self, remote: RemoteConfig, secret: str, username: str = "") -> TestResult:
        """Try a connection (in a thread of its own: up to 20 s); `secret` may be "" for the stored one.

        A staff shop is signed in to by name and password: there the secret is the password, below as well.
        """

    def add_remote(self, values: Mapping[str, Any], secret: str, username: str = "") -> Config:
        """Add a shop with its secret (in the jobs' thread); raise RefusedError naming the fields."""

    def replace_secret(self, name: str, secret: str, username: str = "") -> None:
        """Store a new secret for a shop (in the jobs' thread) and try it; no name: the name stays."""

    def fetch_shop_info(self, name: str, watch: FetchWatch) -> TestResult:
        """Fetch a staff shop's prices and products, and keep them (in a thread of its own)."""

    def remove_remote(self, name: str) -> Config:
        """Disconnect a shop (in the jobs' thread) and sign out of it; its orders stay."""

    def save_printer(self, printer: Printer, replaces: str) -> Config:
        """Save a printer (in the jobs' thread), new or in the place of another; return all settings."""

    def remove_printer(self, name: str) -> Config:
        """Take a printer out of the settings (in the jobs' thread)."""

    def try_printer(self, printer: Printer) -> TestResult:
        """Print a test page (in a thread of its own: it may wait for a printer)."""

    def start_training(self) -> None:
        """Start training in a new process and close this window."""


class Context(QObject):
    """Given to every screen by the composition root; `config_changed` fires after a setting was saved."""

    config_changed = Signal(object)  # Config
    message = Signal(str, object)  # a sentence for the toast; a callable that undoes, or None
    problem = Signal(object)  # PosError to show
    edit_wanted = Signal(int)  # open the editor of this order
    sound_wanted = Signal(object)  # Sound
    print_wanted = Signal(int)  # ask how to print this order
    print_queue_wanted = Signal()
    lock_wanted = Signal()
    sign_in_changed = Signal()
    pay_wanted = Signal(int)  # show the payments of this order, and take what is due
    drawer_wanted = Signal()  # open the drawer without a sale
    shift_wanted = Signal()  # show the shift of this station

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
        self.signed_in: Who | None = None  # the person at this window; without one the station acts
        self.role: Role | None = None  # of that person, as last known
        # What a shop usually asks for a delivery: (remote, district, class) → canonical amount or None
        self.usual_shipping: Callable[[str, str, str], str | None] | None = None
        self.tasks = Tasks(store.close_thread, self)
        self.feed = FeedBridge(store.feed, self)
        self.away = AwayWatch(store, self)
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
        return self.signed_in or station_itself(self.config.station)

    def put_signed_in(self, who: Who | None) -> None:
        """Let somebody else act from now on."""
        self.signed_in = who
        self.sign_in_changed.emit()

    def put_config(self, config: Config) -> None:
        """Take new settings and tell the screens."""
        self.config = config
        self.config_changed.emit(config)

    def save_setting(self, section: str, key: str, value: Value) -> None:
        """Save one setting in the jobs' thread, then tell the screens."""
        self.tasks.run(lambda: self.doors.save_setting(section, key, value), self.put_config, owner=self)

    def play(self, sound: Sound) -> None:
        """Let this station sound, as loud as the settings say and unless they switch this sound off."""
        self.sound_wanted.emit(sound)

    def close(self) -> None:
        """End the threads, finishing what waits."""
        self.away.close()
        self.feed.close()
        self.tasks.close()
