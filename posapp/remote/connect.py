"""Opening the way to a remote: the transport that its format needs, signed in as its secret says."""

from __future__ import annotations

import contextlib
from typing import Protocol

from posapp.domain.errors import PosError
from posapp.remote.api import Format, Transport
from posapp.remote.tokens import Safe, SignIn, TokenTransport, with_password
from posapp.remote.transport import HttpTransport

SIGN_OUT_S = 5


class Secrets(Protocol):
    """Where the secrets of remotes are."""

    def get(self, namespace: str, remote_name: str) -> str | None:
        """Return the secret of a remote."""

    def set(self, namespace: str, remote_name: str, secret: str) -> object:
        """Keep a secret."""


class Slot:
    """The secret of one remote, for those who use it and renew it."""

    def __init__(self, secrets: Secrets, namespace: str, remote_name: str) -> None:
        self._secrets = secrets
        self._names = (namespace, remote_name)

    def load(self) -> str | None:
        """Return the secret, or None."""
        return self._secrets.get(*self._names)

    def save(self, secret: str) -> None:
        """Keep a renewed secret in place of the old one."""
        self._secrets.set(*self._names, secret)


class Given:
    """A secret that is only tried: nothing of it is kept."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def load(self) -> str | None:
        """Return the secret."""
        return self._secret

    def save(self, secret: str) -> None:
        """Remember a renewed one for as long as this lasts."""
        self._secret = secret


def secret_from(form: Format, entered: str, username: str, stored: str | None) -> str:
    """Return what to store for an entered key or password; without a name a sign-in keeps its own."""
    if not form.by_password:
        return entered
    return SignIn(username, entered).to_secret() if username else with_password(stored, entered)


def connect(
    form: Format, base_url: str, safe: Safe, *, total_timeout: float = 30, pool_size: int = 8
) -> Transport:
    """Return a transport to `base_url`; raise UsageError for an address or a key that cannot be used."""
    headers = {} if form.by_password else form.credentials(safe.load() or "")
    transport = HttpTransport(base_url, headers, total_timeout=total_timeout, pool_size=pool_size)
    return TokenTransport(transport, safe) if form.by_password else transport


def sign_out(form: Format, base_url: str, safe: Safe) -> None:
    """Let a shop forget our tokens if it can be told now; it is a courtesy, and they die by themselves."""
    with contextlib.suppress(PosError):
        transport = connect(form, base_url, safe, total_timeout=SIGN_OUT_S, pool_size=1)
        try:
            if isinstance(transport, TokenTransport):
                transport.sign_out()
        finally:
            transport.close()
