"""The settings of one connected shop: what they may be, and what is wrong with them in a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo

from posapp.domain.due import zone_of
from posapp.domain.errors import UsageError
from posapp.domain.status import Status

DEFAULT_CURRENCY = "KZT"
STATUSES = "statuses"
_REMOTE_NAME = re.compile(r"[a-z0-9-]{1,40}\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")
_WORDS: dict[type, str] = {
    int: "a whole number",
    str: "a text in quotes",
    dict: "a table such as { cancelled = [4] }",
}


@dataclass(frozen=True, slots=True)
class RemoteConfig:
    """A connected shop; its secret is elsewhere (posapp.secrets)."""

    name: str
    base_url: str
    format: str = "internal"
    currency: str = DEFAULT_CURRENCY
    timezone: str = "Asia/Almaty"
    poll_seconds: int = 10
    collapse: str = "milestones"
    update: str = "patch"
    # Of a staff shop: its own status numbers, (status, (order, delivery)); the usual ones are not among them.
    statuses: tuple[tuple[str, tuple[int, ...]], ...] = ()

    @property
    def zone(self) -> ZoneInfo:
        """Return the shop's time zone."""
        return zone_of(self.timezone)

    @property
    def by_password(self) -> bool:
        """Tell whether people sign in with a name and a password there, instead of a key."""
        return self.format == "staff"

    @property
    def status_numbers(self) -> dict[Status, tuple[int, ...]]:
        """Return all status numbers of a staff shop; a delivery that stays as it is, is left out."""
        from posapp.remote.staff_status import table_from

        return table_from(dict(self.statuses)).numbers


class BadFieldError(ValueError):
    """A setting that does not fit: its key, the row inside it where it has rows, and a sentence."""

    def __init__(self, key: str, text: str, inner: str = "") -> None:
        super().__init__(text)
        self.key = key
        self.inner = inner


def remote_from(table: Mapping[str, Any]) -> RemoteConfig:
    """Make a remote's settings from a table; raises a ValueError with `key` and a sentence."""
    known = {item.name for item in fields(RemoteConfig)}
    kinds: dict[str, type] = {"poll_seconds": int, STATUSES: dict}
    for key, value in table.items():
        if key not in known:
            raise BadFieldError(key, f"there is no setting “{key}” for a remote")
        wanted = kinds.get(key, str)
        if type(value) is not wanted:
            raise BadFieldError(key, f"{key} has to be {_WORDS[wanted]}")
    for key in ("name", "base_url"):
        if not table.get(key):
            raise BadFieldError(key, f"a remote needs {key}")
    rows = _status_rows(table.get(STATUSES, {}), str(table.get("format", "")))
    remote = RemoteConfig(**{**table, STATUSES: rows})
    _check_remote(remote)
    return remote


def _status_rows(rows: Mapping[str, Any], format_name: str) -> tuple[tuple[str, tuple[int, ...]], ...]:
    if not rows:
        return ()
    from posapp.remote.staff_status import BadStatusError, table_from

    if format_name != "staff":
        raise BadFieldError(STATUSES, "statuses are for a remote of the format staff only")
    try:
        table_from(rows)
    except BadStatusError as error:
        raise BadFieldError(STATUSES, str(error), error.status) from None
    return tuple((name, tuple(numbers)) for name, numbers in rows.items())


def _check_remote(remote: RemoteConfig) -> None:
    from posapp.remote.origin import parse_origin
    from posapp.remote.registry import FORMATS

    if not _REMOTE_NAME.match(remote.name):
        raise BadFieldError("name", "name may have the letters a-z, digits and -, up to 40")
    if remote.format not in FORMATS:
        raise BadFieldError("format", f"format has to be one of: {', '.join(FORMATS)}")
    if not _CURRENCY.match(remote.currency):
        raise BadFieldError("currency", "currency has to be three capital letters, such as KZT")
    if not 2 <= remote.poll_seconds <= 3600:
        raise BadFieldError("poll_seconds", "poll_seconds has to be from 2 to 3600")
    if remote.collapse not in {"milestones", "all", "last"}:
        raise BadFieldError("collapse", "collapse has to be one of: milestones, all, last")
    if remote.update not in {"patch", "put"}:
        raise BadFieldError("update", "update has to be patch or put")
    try:
        zone_of(remote.timezone)
    except UsageError as error:
        raise BadFieldError("timezone", error.title.rstrip(".")) from None
    try:
        parse_origin(remote.base_url)
    except UsageError as error:
        raise BadFieldError("base_url", str(error).rstrip(".")) from None
