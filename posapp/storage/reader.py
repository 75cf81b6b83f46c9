"""What reads the database: the store, or a transaction that has to see its own writes."""

from __future__ import annotations

from typing import Any, Protocol

import msgspec

from posapp.storage.dialect import Dialect, Params


class Reader(Protocol):
    """Both `Store` and `Transaction` are one."""

    dialect: Dialect

    def one(self, sql: str, params: Params = ()) -> tuple[Any, ...] | None:
        """Return the first row, or None."""

    def all(self, sql: str, params: Params = ()) -> list[tuple[Any, ...]]:
        """Return all rows."""


def number_of(reader: Reader, sql: str, params: Params = ()) -> int:
    """Return the one whole number that a query answers; 0 when it answers nothing."""
    row = reader.one(sql, params)
    return int(row[0] or 0) if row else 0


def to_text(value: Any) -> str:
    """Return a dataclass as the JSON that columns hold; amounts are strings in it."""
    return msgspec.json.encode(value).decode()
