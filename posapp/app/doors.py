"""What the window may ask of the rest of the app: settings, shops and their keys, sync, training."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from posapp.config import Config, RemoteConfig, load, make_remote
from posapp.config_fields import Value
from posapp.domain.errors import PosError, RefusedError
from posapp.domain.people import Right
from posapp.domain.status import Status
from posapp.domain.who import Who, station_itself
from posapp.remote.api import Format, Transport, Verdict
from posapp.services import calls, remotes
from posapp.services.permits import vouch
from posapp.storage.store import Store
from posapp.ui.context import FetchWatch, TestResult

if TYPE_CHECKING:
    from posapp.printing.printers import Printer
    from posapp.printing.worker import PrintWorker

# What everybody may set to their liking.
_EVERYBODYS = frozenset({"look", "alarm"})

TransportFactory = Callable[[RemoteConfig, str], Transport]


class Secrets(Protocol):
    """Where the keys are; `namespace` is the installation's id."""

    def get(self, namespace: str, remote_name: str) -> str | None:
        """Return a remote's secret."""

    def set(self, namespace: str, remote_name: str, secret: str) -> object:
        """Keep a secret; raise RefusedError for one that cannot be a key."""

    def delete(self, namespace: str, remote_name: str) -> None:
        """Forget a secret."""


class Wakeable(Protocol):
    """The part of the sync worker that the doors need."""

    def wake(self) -> None:
        """Look at the outbox and at the calls now."""

    def reload(self) -> None:
        """Read settings and secrets anew."""


class WindowDoors:
    """The doors of one window; see `posapp.ui.context.Doors` for what each does and where it runs."""

    def __init__(
        self,
        store: Store,
        *,
        secrets: Callable[[], Secrets],
        sync: Callable[[], Wakeable],
        printing: Callable[[], PrintWorker],
        in_jobs: Callable[[Callable[[], object]], None],
        leave: Callable[[], None],
        transport: TransportFactory | None = None,
    ) -> None:
        """Take what the doors open: all of it is made when it is first needed."""
        self._store = store
        self._data_dir = store.data_dir
        self._secrets = secrets
        self._sync = sync
        self._printing = printing
        self._in_jobs = in_jobs
        self._leave = leave
        self._transport = transport
        self._who: Callable[[], Who] = lambda: station_itself(load(self._data_dir).station)

    def act_as(self, who: Callable[[], Who]) -> None:
        """Ask this for who acts."""
        self._who = who

    def _ask_for_settings(self) -> None:
        """Raise unless who acts may change what is set for the shop."""
        vouch(self._store, self._who(), Right.SETTINGS)

    def sync_now(self) -> None:
        """Leave a call for whoever sends, and wake this process's own thread."""

        # The call reaches whoever holds the sender's lock: this process's thread or another program.
        def ask() -> None:
            calls.ask(self._store, calls.SYNC, {})
            self._sync().wake()

        self._in_jobs(ask)

    def save_setting(self, section: str, key: str, value: Value) -> Config:
        """Save one setting and return all."""
        from posapp.config_file import save_setting

        if section not in _EVERYBODYS:
            self._ask_for_settings()
        return save_setting(self._data_dir, section, key, value)

    def save_statuses(self, name: str, numbers: Mapping[Status, tuple[int, ...]]) -> Config:
        """Save the status numbers of a staff shop and return all settings."""
        from posapp import config_file

        self._ask_for_settings()
        config = config_file.save_statuses(self._data_dir, name, numbers)
        self._sync().reload()
        return config

    def test_remote(self, remote: RemoteConfig, secret: str, username: str = "") -> TestResult:
        """Try a connection; "" means the stored secret."""
        try:
            return self._test(remote, secret, username)
        except PosError as error:
            return TestResult(ok=False, sentence=str(error))
        finally:
            self._store.close_thread()

    def fetch_shop_info(self, name: str, watch: FetchWatch) -> TestResult:
        """Fetch a staff shop's prices and products, and keep them."""
        from posapp.app.shopinfo import fetch_shop_info

        try:
            config = load(self._data_dir)
            remote = config.remote(name)
            _, transport = self._way_to(remote, "", "")
            try:
                who = station_itself(config.station)
                return fetch_shop_info(self._store, remote, transport, watch, who)
            finally:
                transport.close()
        except PosError as error:
            return TestResult(ok=False, sentence=str(error))
        finally:
            self._store.close_thread()

    def add_remote(self, values: Mapping[str, Any], secret: str, username: str = "") -> Config:
        """Add a shop with its secret; raise RefusedError naming the fields."""
        from posapp import config_file

        self._ask_for_settings()
        remote = make_remote(values)
        if any(other.name == remote.name for other in load(self._data_dir).remotes):
            raise RefusedError(
                f"There is already a shop called “{remote.name}”.",
                fields={"name": "This name is taken."},
            )
        self._secrets().set(self._namespace, remote.name, self._secret_of(remote, secret, username))
        try:
            config = config_file.add_remote(self._data_dir, remote)
        except PosError:
            self._secrets().delete(self._namespace, remote.name)
            raise
        remotes.note_new_secret(self._store, remote.name)
        self._sync().reload()
        return config

    def replace_secret(self, name: str, secret: str, username: str = "") -> None:
        """Store a new secret, and start a round with it; for a shop with a sign-in it is the password."""
        remote = load(self._data_dir).remote(name)
        self._ask_for_settings()
        self._secrets().set(self._namespace, name, self._secret_of(remote, secret, username))
        remotes.use_new_secret(self._store, name)
        self._sync().reload()

    def remove_remote(self, name: str) -> Config:
        """Disconnect a shop and forget its secret; its orders stay."""
        from posapp import config_file

        remote = load(self._data_dir).remote(name)
        self._ask_for_settings()
        config = config_file.remove_remote(self._data_dir, name)
        self._sync().reload()
        self._sign_out(remote)
        self._secrets().delete(self._namespace, name)
        remotes.forget(self._store, name)
        return config

    def save_printer(self, printer: Printer, replaces: str) -> Config:
        """Save a printer, new or in the place of another."""
        from posapp import config_file

        self._ask_for_settings()
        config = config_file.save_printer(self._data_dir, printer, replaces)
        self._printing().wake()
        return config

    def remove_printer(self, name: str) -> Config:
        """Take a printer out of the settings; what waits for it fails, and says why."""
        from posapp import config_file

        self._ask_for_settings()
        return config_file.remove_printer(self._data_dir, name)

    def try_printer(self, printer: Printer) -> TestResult:
        """Print a test page."""
        from posapp.printing.layout import trial_page
        from posapp.printing.trouble import PrintTroubleError

        page = trial_page(printer.name, self._store.clock(), load(self._data_dir).zone)
        try:
            self._printing().try_out(printer, page)
        except PrintTroubleError as trouble:
            return TestResult(ok=False, sentence=trouble.reason)
        return TestResult(ok=True, sentence="The page was sent. Look whether it came out well.")

    def start_training(self) -> None:
        """Start training in a new process and close this window."""
        start_training_process(self._data_dir)
        self._leave()

    @property
    def _namespace(self) -> str:
        return self._store.meta("installation")

    def _stored(self, name: str) -> str:
        secret = self._secrets().get(self._namespace, name)
        if not secret:
            raise RefusedError("There is no key for this shop on this PC.", remedy="Enter it.")
        return secret

    def _secret_of(self, remote: RemoteConfig, entered: str, username: str) -> str:
        """Return what is stored: the key, or a sign-in; without a name it keeps the one that it has."""
        from posapp.remote.connect import secret_from
        from posapp.remote.registry import format_named

        stored = self._secrets().get(self._namespace, remote.name)
        return secret_from(format_named(remote.format), entered, username, stored)

    def _sign_out(self, remote: RemoteConfig) -> None:
        """Let the shop forget our tokens, if there are any; nobody waits for its answer."""
        from posapp.remote.connect import Given, sign_out
        from posapp.remote.registry import format_named

        form = format_named(remote.format)
        secret = self._secrets().get(self._namespace, remote.name) if form.by_password else None
        if secret:
            work = (form, remote.base_url, Given(secret))
            threading.Thread(target=sign_out, args=work, name="sign-out", daemon=True).start()

    def _way_to(self, remote: RemoteConfig, entered: str, username: str) -> tuple[Format, Transport]:
        """Open the way to a shop with what was entered, or with the stored secret."""
        # Imported here: HTTP is not needed before somebody asks.
        from posapp.remote.connect import Given, Slot, connect
        from posapp.remote.registry import format_named

        form = format_named(remote.format)
        secret = self._secret_of(remote, entered, username) if entered else self._stored(remote.name)
        # What signs in with tokens may renew the stored ones.
        safe = Given(secret) if entered else Slot(self._secrets(), self._namespace, remote.name)
        transport = (
            self._transport(remote, secret)
            if self._transport is not None
            else connect(form, remote.base_url, safe, total_timeout=20)
        )
        return form, transport

    def _test(self, remote: RemoteConfig, entered: str, username: str) -> TestResult:
        form, transport = self._way_to(remote, entered, username)
        try:
            outcome = form.read_health(transport.send(form.health_request()))
        finally:
            transport.close()
        if outcome.verdict is Verdict.OK:
            what = "sign-in" if form.by_password else "key"
            return TestResult(ok=True, sentence=outcome.detail or f"The shop answers and accepts the {what}.")
        if form.by_password and outcome.verdict is Verdict.SIGN_IN:
            return TestResult(ok=False, sentence=outcome.detail)
        return TestResult(ok=False, sentence=_trouble(outcome.verdict, outcome.detail))


def _trouble(verdict: Verdict, detail: str) -> str:
    """Return what an answer to the test means; the remote's own words follow."""
    sentences = {
        Verdict.SIGN_IN: "The shop does not accept this key.",
        Verdict.FORBIDDEN: "The shop knows this key but does not let it in.",
        Verdict.PORTAL: "Something else than the shop answers. Sign in to the network, or check the address.",
        Verdict.CERTIFICATE: "The shop cannot prove that it is the shop. Check the clock of this PC.",
        Verdict.GONE: "There is no shop at this address.",
        Verdict.THROTTLED: "The shop asks for a pause. Try again in a minute.",
    }
    return (
        " ".join(part for part in (sentences.get(verdict, ""), detail) if part) or "The shop does not answer."
    )


def start_training_process(data_dir: Path) -> None:
    """Start posapp in training, independent of this process."""
    subprocess.Popen(  # noqa: S603 - our own interpreter with our own arguments
        [sys.executable, "-m", "posapp", "--data-dir", str(data_dir), "--training"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
