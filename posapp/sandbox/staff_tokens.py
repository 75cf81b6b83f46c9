"""The tokens of the staff API: short access tokens, refresh tokens that are replaced at each use."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from posapp.sandbox.orders import Json

ACCESS = timedelta(minutes=5)
REFRESH = timedelta(hours=12)
_REQUIRED = "This field is required."
_INVALID: Json = {"detail": "Token is invalid or expired", "code": "token_not_valid"}
_DEAD: Json = {
    "detail": "Given token not valid for any token type",
    "code": "token_not_valid",
    "messages": [
        {"token_class": "AccessToken", "token_type": "access", "message": "Token is invalid or expired"}
    ],
}


class Tokens:
    """One account's tokens; each call returns the HTTP status and what to say."""

    def __init__(self, username: str, password: str, now: Callable[[], datetime]) -> None:
        self._account = (username, password)
        self._now = now
        self._access: dict[str, datetime] = {}
        self._refresh: dict[str, datetime] = {}

    def obtain(self, body: Mapping[str, object]) -> tuple[int, Json]:
        """Sign in with name and password."""
        if missing := [name for name in ("username", "password") if not body.get(name)]:
            return 400, {name: [_REQUIRED] for name in missing}
        given = (str(body["username"]), str(body["password"]))
        same = [
            hmac.compare_digest(one.encode(), other.encode())
            for one, other in zip(given, self._account, strict=True)
        ]
        if not all(same):
            return 401, {"detail": "No active account found with the given credentials"}
        return self._pair()

    def refresh(self, body: Mapping[str, object]) -> tuple[int, Json]:
        """Give a new pair for a refresh token, which is dead from then on."""
        if not body.get("refresh"):
            return 400, {"refresh": [_REQUIRED]}
        ends = self._refresh.pop(str(body["refresh"]), None)
        return self._pair() if ends is not None and ends > self._now() else (401, _INVALID)

    def blacklist(self, body: Mapping[str, object]) -> tuple[int, Json]:
        """Sign out."""
        if not body.get("refresh"):
            return 400, {"refresh": [_REQUIRED]}
        return (200, {}) if self._refresh.pop(str(body["refresh"]), None) else (401, _INVALID)

    def refusal(self, authorization: str) -> Json | None:
        """Return what to answer with 401 to a request that does not show a living token; None: it does."""
        kind, _, token = authorization.partition(" ")
        if kind != "Bearer" or not token:
            return {"detail": "Authentication credentials were not provided."}
        ends = self._access.get(token)
        return None if ends is not None and ends > self._now() else _DEAD

    def _pair(self) -> tuple[int, Json]:
        now = self._now()
        for tokens in (self._access, self._refresh):
            for token in [token for token, ends in tokens.items() if ends <= now]:
                del tokens[token]
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(32)
        self._access[access] = now + ACCESS
        self._refresh[refresh] = now + REFRESH
        return 200, {"access": access, "refresh": refresh}
