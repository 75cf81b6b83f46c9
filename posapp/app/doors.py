"""What the window may ask of the rest of the app: settings, shops and their keys, sync, training."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from posapp.config import Config, RemoteConfig, load, make_remote
from posapp.domain.errors import PosError, RefusedError
from posapp.remote.api import Transport, Verdict
from posapp.services import calls, remotes
from posapp.storage.store import Store
from posapp.ui.context import TestResult

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
        in_jobs: Callable[[Callable[[], object]], None],
        leave: Callable[[], None],
        transport: TransportFactory | None = None,
    ) -> None:
        """Take what the doors open: all of it is made when it is first needed."""
        self._store = store
        self._data_dir = store.data_dir
        self._secrets = secrets
        self._sync = sync
        self._in_jobs = in_jobs
        self._leave = leave
        self._transport = transport

    def sync_now(self) -> None:
        """Leave a call for whoever sends, and wake this process's own thread."""

        # The call reaches whoever holds the sender's lock: this process's thread or another program.
        def ask() -> None:
            calls.ask(self._store, calls.SYNC, {})
            self._sync().wake()

        self._in_jobs(ask)

    def save_setting(self, section: str, key: str, value: str | int | bool) -> Config:  # noqa: FBT001
        """Save one setting and return all."""
        from posapp.config_file import save_setting

        return save_setting(self._data_dir, section, key, value)

    def test_remote(self, remote: RemoteConfig, secret: str) -> TestResult:
        """Try a connection; "" means the stored secret."""
        try:
            return self._test(remote, secret)
        except PosError as error:
            return TestResult(ok=False, sentence=str(error))
        finally:
            self._store.close_thread()

    def add_remote(self, values: Mapping[str, Any], secret: str) -> Config:
        """Add a shop with its secret; raise RefusedError naming the fields."""
        from posapp import config_file

        remote = make_remote(values)
        if any(other.name == remote.name for other in load(self._data_dir).remotes):
            raise RefusedError(
                f"There is already a shop called “{remote.name}”.",
                fields={"name": "This name is taken."},
            )
        self._secrets().set(self._namespace, remote.name, secret)
        try:
            config = config_file.add_remote(self._data_dir, remote)
        except PosError:
            self._secrets().delete(self._namespace, remote.name)
            raise
        remotes.note_new_secret(self._store, remote.name)
        self._sync().reload()
        return config

    def replace_secret(self, name: str, secret: str) -> None:
        """Store a new secret, and start a round with it; for a shop with a sign-in it is the password."""
        from posapp.remote.registry import format_named
        from posapp.remote.tokens import with_password

        if format_named(load(self._data_dir).remote(name).format).by_password:
            secret = with_password(self._secrets().get(self._namespace, name), secret)
        self._secrets().set(self._namespace, name, secret)
        remotes.note_new_secret(self._store, name)
        self._sync().reload()
        self.sync_now()

    def remove_remote(self, name: str) -> Config:
        """Disconnect a shop and forget its secret; its orders stay."""
        from posapp import config_file

        config = config_file.remove_remote(self._data_dir, name)
        self._sync().reload()
        self._secrets().delete(self._namespace, name)
        remotes.forget(self._store, name)
        return config

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

    def _test(self, remote: RemoteConfig, entered: str) -> TestResult:
        # Imported here: HTTP is not needed before somebody asks.
        from posapp.remote.connect import Given, Slot, connect
        from posapp.remote.registry import format_named
        from posapp.remote.tokens import with_password

        form = format_named(remote.format)
        secret = entered or self._stored(remote.name)
        if entered and form.by_password:
            secret = with_password(self._secrets().get(self._namespace, remote.name), entered)
        # What signs in with tokens may renew the stored ones.
        safe = Given(secret) if entered else Slot(self._secrets(), self._namespace, remote.name)
        transport = (
            self._transport(remote, secret)
            if self._transport is not None
            else connect(form, remote.base_url, safe, total_timeout=20)
        )
        try:
            outcome = form.read_health(transport.send(form.health_request()))
        finally:
            transport.close()
        if outcome.verdict is Verdict.OK:
            return TestResult(ok=True, sentence=outcome.detail or "The shop answers and accepts the key.")
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
