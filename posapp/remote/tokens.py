"""Signing in with tokens, behind the transport: the engine never sees them."""

from __future__ import annotations

import json
import logging
import re
import threading
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Protocol

from posapp.domain.errors import PosError
from posapp.log import hide
from posapp.remote.api import Answer, NoReply, Purpose, Reply, Request, Transport, Trouble
from posapp.remote.classify import is_html
from posapp.remote.jsonguard import BadJson, decode_strict

OBTAIN, REFRESH, BLACKLIST = "api/token/obtain/", "api/token/refresh/", "api/token/blacklist/"
_log = logging.getLogger("posapp.remote")
_LIMIT = 100_000
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{1,8000}\Z")
# Here they mean that the shop does not want this sign-in, whichever of them a server prefers.
_DECLINED = frozenset({400, 401, 403})


class Safe(Protocol):
    """Where the secret of one remote is kept."""

    def load(self) -> str | None:
        """Return the secret."""

    def save(self, secret: str) -> None:
        """Keep a new one in its place."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """What signs a remote's staff in: name and password, and the refresh token that stands for them."""

    username: str = ""
    password: str = field(default="", repr=False)
    refresh: str = field(default="", repr=False)
    keep: bool = True  # False: it comes from the environment, and nothing of it is stored

    def __post_init__(self) -> None:
        hide(self.password)
        hide(self.refresh)

    def to_secret(self) -> str:
        """Return it as the one text that the store of secrets keeps."""
        parts = {"username": self.username, "password": self.password, "refresh": self.refresh}
        return json.dumps(parts if self.keep else {**parts, "keep": False})


def read_sign_in(secret: str | None) -> SignIn:
    """Return the sign-in in a stored secret, an empty one if it holds none."""
    try:
        found = json.loads(secret or "{}")
    except (ValueError, RecursionError):  # the latter: brackets without end
        found = {}
    parts = found if isinstance(found, dict) else {}
    names = ("username", "password", "refresh")
    username, password, refresh = (part if isinstance(part := parts.get(name), str) else "" for name in names)
    return SignIn(username, password, refresh, keep=parts.get("keep") is not False)


def with_password(secret: str | None, password: str) -> str:
    """Return a stored sign-in with a new password; the refresh token of the old one is given up."""
    return replace(read_sign_in(secret), password=password, refresh="").to_secret()


class TokenTransport:
    """Adds the access token to every request and renews it when it has died; thread-safe.

    The access token is kept in memory only. One request renews for all that wait. What comes back from a
    failed renewal is the answer to the request: the engine then waits, or says that a sign-in is needed.
    """

    def __init__(self, inner: Transport, safe: Safe) -> None:
        self._inner = inner
        self._safe = safe
        self._lock = threading.Lock()
        self._access = ""
        self._renewals = 0
        self._trouble: Answer | None = None  # what the last renewal ran into
        self._unsaved = ""  # a renewed secret that is not stored: good until this process ends

    def send(self, request: Request) -> Answer:
        """Send and wait for the whole answer; a 401 is tried once more with a new token."""
        access = self._access
        if not access:
            trouble = self._renew(access)
            if trouble is not None:
                return trouble
            access = self._access
        answer = self._inner.send(_signed(request, access))
        if not isinstance(answer, Reply) or answer.status != HTTPStatus.UNAUTHORIZED:
            return answer
        trouble = self._renew(access)
        return self._inner.send(_signed(request, self._access)) if trouble is None else trouble

    def sign_out(self) -> None:
        """Let the remote forget the refresh token, if it can be told."""
        sign_in = self._load()
        if sign_in.refresh:
            self._inner.send(_request(BLACKLIST, {"refresh": sign_in.refresh}))

    def close(self) -> None:
        """Close all connections."""
        self._inner.close()

    def _renew(self, dead: str) -> Answer | None:
        """Get an access token in place of `dead`; return why that failed."""
        renewals = self._renewals
        with self._lock:
            if self._access != dead:
                return None  # somebody else did it meanwhile
            if self._renewals != renewals:
                return self._trouble  # or tried, while this one waited
            self._access = ""
            try:
                self._trouble = self._by_refresh(self._load())
            except PosError as error:
                self._trouble = NoReply(Trouble.NOT_SENT, str(error))
            self._renewals += 1
            return self._trouble

    def _load(self) -> SignIn:
        return read_sign_in(self._unsaved or self._safe.load())

    def _save(self, sign_in: SignIn) -> None:
        secret = sign_in.to_secret()
        if not sign_in.keep:
            self._unsaved = secret
            return
        try:
            self._safe.save(secret)
            self._unsaved = ""
        except PosError as error:
            # The old one may be dead already, so the new one must not be lost with this answer.
            self._unsaved = secret
            _log.warning("A renewed sign-in could not be stored: %s", error)

    def _by_refresh(self, sign_in: SignIn) -> Answer | None:
        if sign_in.refresh:
            answer = self._inner.send(_request(REFRESH, {"refresh": sign_in.refresh}))
            if not _is_declined(answer):
                return self._take(answer, sign_in)
            # Another process may have renewed with the same token a moment ago: then a new one is there.
            now = self._load()
            if now.refresh and now.refresh != sign_in.refresh:
                answer = self._inner.send(_request(REFRESH, {"refresh": now.refresh}))
                if not _is_declined(answer):
                    return self._take(answer, now)
            if not now.password:
                return _declined(answer)
            sign_in = now
        if not sign_in.password:
            return _declined(None)
        names = {"username": sign_in.username, "password": sign_in.password}
        answer = self._inner.send(_request(OBTAIN, names))
        return _declined(answer) if _is_declined(answer) else self._take(answer, sign_in)

    def _take(self, answer: Answer, sign_in: SignIn) -> Answer | None:
        """Take the tokens of an answer; a refresh token is saved before anything rests on it."""
        if isinstance(answer, NoReply):
            # Whatever became of this exchange, the request itself has not left.
            kept = answer.trouble if answer.trouble is Trouble.CERTIFICATE else Trouble.NOT_SENT
            return replace(answer, trouble=kept)
        if answer.status != HTTPStatus.OK or is_html(answer):
            return _passing(answer)
        try:
            content = decode_strict(answer.body)
        except BadJson:
            content = None
        access, refresh = _tokens_in(content)
        if not access:
            return NoReply(Trouble.NOT_SENT, "The shop's answer to the sign-in cannot be read.")
        hide(access)
        if refresh and refresh != sign_in.refresh:
            self._save(replace(sign_in, refresh=refresh))
        self._access = access
        return None


def _request(path: str, content: dict[str, str]) -> Request:
    return Request("POST", path, Purpose.SIGN_IN, body=json.dumps(content).encode(), limit=_LIMIT)


def _signed(request: Request, access: str) -> Request:
    return replace(request, headers={**request.headers, "Authorization": f"Bearer {access}"})


def _is_declined(answer: Answer) -> bool:
    return isinstance(answer, Reply) and answer.status in _DECLINED


def _declined(answer: Answer | None) -> Reply:
    """Answer the request itself with the one word for "sign in again"."""
    if isinstance(answer, Reply) and not is_html(answer):
        return replace(answer, status=int(HTTPStatus.UNAUTHORIZED))
    words = json.dumps({"detail": "Nobody has signed in yet."}).encode()
    return Reply(int(HTTPStatus.UNAUTHORIZED), {"content-type": "application/json"}, words)


def _passing(answer: Reply) -> Answer:
    """Hand on what concerns the whole host; nothing else may pass for an answer about an order."""
    status = answer.status
    if status >= 500 or status == HTTPStatus.TOO_MANY_REQUESTS or 300 <= status < 400 or is_html(answer):
        return answer
    return NoReply(Trouble.NOT_SENT, f"The shop has no sign-in at this address ({status}).")


def _tokens_in(content: object) -> tuple[str, str]:
    parts = content if isinstance(content, dict) else {}
    found = (parts.get("access"), parts.get("refresh"))
    access, refresh = (text if isinstance(text, str) and _TOKEN.match(text) else "" for text in found)
    return access, refresh
