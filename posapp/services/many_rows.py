"""Writing many rows at once: handing values over to the database one by one is most of what it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from posapp.storage.store import Transaction

Value = str | int | None


class ManyRows:
    """An INSERT; rows that say nothing in their last columns do not hand those over.

    `empty` are those last columns with what they hold then, and `alike` are further columns that hold the
    same in every row, so that rows come without them. `full` is the statement with all columns but those.
    """

    def __init__(
        self,
        table: str,
        columns: Sequence[str],
        empty: Mapping[str, Value],
        alike: Mapping[str, Value] | None = None,
    ) -> None:
        self._short = len(columns) - len(empty)
        if tuple(columns[self._short :]) != tuple(empty):
            raise ValueError("what may be empty is not at the end")
        self._nothing = tuple(empty.values())
        self.full = _insert(table, columns, alike or {})
        self._brief = _insert(table, columns[: self._short], {**empty, **(alike or {})})

    def put(self, tx: Transaction, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write the rows, in the order of the columns; those with empty ends first."""
        end, nothing = self._short, self._nothing
        brief = [row[:end] for row in rows if row[end:] == nothing]
        full = [row for row in rows if row[end:] != nothing] if len(brief) < len(rows) else []
        if brief:
            tx.executemany(self._brief, brief)
        if full:
            tx.executemany(self.full, full)


def _insert(table: str, columns: Sequence[str], told: Mapping[str, Value]) -> str:
    names = ", ".join((*columns, *told))
    values = ", ".join((*["?"] * len(columns), *map(_literal, told.values())))
    return f"INSERT INTO {table}({names}) VALUES ({values})"  # noqa: S608 - our own column names


def _literal(value: Value) -> str:
    """Write a value of ours as SQL."""
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
