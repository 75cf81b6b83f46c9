"""What an exception of the network means, as sentences for people."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPException, RemoteDisconnected

from urllib3.exceptions import EmptyPoolError, NameResolutionError, ProxyError
from urllib3.exceptions import TimeoutError as UrllibTimeout

# OpenSSL's verification codes (X509_V_ERR_…).
_NOT_YET_VALID, _EXPIRED = 9, 10
_UNKNOWN_ISSUER = frozenset({2, 18, 19, 20, 21})
_OTHER_NAME = frozenset({62, 64})

_STALE = (RemoteDisconnected, ConnectionResetError, ConnectionAbortedError, BrokenPipeError)
_REASONS: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((EmptyPoolError,), "too many requests are waiting already"),
    ((NameResolutionError,), "its name is not known (no network, or a typing mistake in the address)"),
    ((ProxyError,), "the proxy does not let us through"),
    ((ConnectionRefusedError,), "it refuses connections"),
    ((TimeoutError, UrllibTimeout), "it took too long"),
    (_STALE, "the connection was closed"),
    ((ssl.SSLError,), "the protected connection (TLS) failed"),
)


def was_stale(error: BaseException) -> bool:
    """Tell whether the remote closed a kept connection before any byte of the answer."""
    return any(isinstance(one, _STALE) for one in _chain(error))


def reason_of(error: BaseException, *, sent: bool) -> str:
    """Return why there is no answer, as the end of a sentence."""
    chain = tuple(_chain(error))
    for kinds, reason in _REASONS:
        if any(isinstance(one, kinds) for one in chain):
            return reason
    if not sent:
        return "the network is not available"
    broke = any(isinstance(one, HTTPException | OSError) for one in chain)
    return "the answer broke off" if broke else "the answer makes no sense"


def certificate_trouble(host: str, error: BaseException) -> str | None:
    """Return what is wrong with the certificate of `host`, or None when that is not the trouble."""
    found = next((one for one in _chain(error) if isinstance(one, ssl.SSLCertVerificationError)), None)
    if found is None:
        return None
    code = found.verify_code
    if code in {_EXPIRED, _NOT_YET_VALID}:
        trouble = "has expired" if code == _EXPIRED else "is not valid yet"
        return (
            f"The certificate of {host} {trouble}: check the clock of this computer "
            f"(it says {datetime.now(UTC):%Y-%m-%d}). If the clock is right, the shop has to renew it."
        )
    if code in _OTHER_NAME:
        return f"The certificate is not for {host}: this is another server, or the address is wrong."
    if code in _UNKNOWN_ISSUER:
        return f"The certificate of {host} was issued by somebody whom this computer does not know."
    return f"The certificate of {host} cannot be trusted ({found.verify_message})."


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Walk through an exception, what it wraps and what caused it."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = [*one.args, getattr(one, "reason", None), one.__cause__]
        waiting.extend(item for item in inner if isinstance(item, BaseException))
