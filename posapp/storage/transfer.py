"""Every row of a database, read in the order of its keys, counted, and summed up in a way that both have.

What one database keeps beside its rows (counters, the index of the search) is not copied but made anew.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from peewee import sort_models  # type: ignore[attr-defined] # the stubs lack it

from posapp.domain.errors import RefusedError, StorageError
from posapp.domain.who import Who
from posapp.storage.backup import Observer, look
from posapp.storage.dialect import Params
from posapp.storage.dialect_sqlite import SCHEMA_VERSION
from posapp.storage.marks import MARKS
from posapp.storage.models import OrderCount
from posapp.storage.tables import TABLES

Row = tuple[Any, ...]
Rows = list[Row]
Ask = Callable[[str, Params], Rows]
AT_ONCE = 4000
_EMPTY = frozenset({"meta", "calls", "remotes", "pin_failures"})  # what a look at a new database leaves there


@dataclass(frozen=True, slots=True)
class Part:
    """A table to copy: its columns, and the places of its key among them."""

    table: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]

    @property
    def names(self) -> str:
        """Return the columns as statements have them."""
        return ", ".join(f'"{name}"' for name in self.columns)


@dataclass(frozen=True, slots=True)
class Sum:
    """How many rows a table has, and a digest over all of them."""

    rows: int
    digest: str


class Target(Protocol):
    """A database that is filled."""

    def fill(self, part: Part, batches: Iterable[Rows]) -> None:
        """Put all rows of a table in."""

    def finish(self) -> None:
        """Make what is kept beside the rows."""

    def read(self, sql: str, params: Params = ()) -> Rows:
        """Read back what was put in."""


@functools.cache
def parts() -> tuple[Part, ...]:
    """Return all tables that are copied, what others refer to first."""
    found = []
    for model in sort_models(TABLES):
        if model is OrderCount:
            continue
        meta = model._meta  # noqa: SLF001 - Peewee's own way to a model's fields
        columns = tuple(field.column_name for field in meta.sorted_fields)
        keys = tuple(key.column_name for key in meta.get_primary_keys())
        found.append(Part(meta.table_name, columns, keys))
    return tuple(found)


def _only(part: Part) -> str:
    """Return the condition on what of a table is copied: not what a database notes about its own place."""
    return f"key NOT IN ({', '.join(repr(mark) for mark in MARKS)})" if part.table == "meta" else "1 = 1"


def batches(ask: Ask, part: Part) -> Iterator[Rows]:
    """Yield all rows of a table in the order of its key, some thousand at a time."""
    order = ", ".join(f'"{key}"' for key in part.keys)
    places = [part.columns.index(key) for key in part.keys]
    begin = f'SELECT {part.names} FROM "{part.table}" WHERE {_only(part)}'  # noqa: S608 - our own names
    after = f"{begin} AND ({order}) > ({', '.join('?' * len(places))})"
    end = f" ORDER BY {order} LIMIT {AT_ONCE}"
    rows = ask(begin + end, ())
    while rows:
        yield rows
        if len(rows) < AT_ONCE:
            return
        rows = ask(after + end, [rows[-1][place] for place in places])


class _Summing:
    """A digest that grows; the rows are taken as PostgreSQL keeps them, where a text has no NUL."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._rows = 0

    def add(self, rows: Rows) -> None:
        text = "\n".join(map(repr, rows))
        if "\\x00" in text:
            text = "\n".join(repr(tuple(map(_without_nul, row))) for row in rows)
        self._hash.update(text.encode("utf-8", "surrogatepass") + b"\n")
        self._rows += len(rows)

    def sum(self) -> Sum:
        return Sum(self._rows, self._hash.hexdigest())


def _without_nul(value: Any) -> Any:
    return value.replace("\0", "\ufffd") if isinstance(value, str) else value


class _Progress:
    """Tells an observer how far it is, in percent of all rows."""

    def __init__(self, what: str, total: int, observer: Observer | None) -> None:
        self._what, self._total, self._observer = what, total, observer
        self._done = 0

    def more(self, rows: int) -> None:
        look(self._observer)
        self._done += rows
        if self._observer is not None:
            self._observer.tell(self._what, min(100, 100 * self._done // max(1, self._total)))


def count_rows(ask: Ask, wanted: Sequence[Part] | None = None) -> dict[str, int]:
    """Return how many rows each table has."""
    return {
        part.table: int(ask(f'SELECT count(*) FROM "{part.table}" WHERE {_only(part)}', ())[0][0])  # noqa: S608
        for part in wanted or parts()
    }


def obstacles(ask: Ask) -> str:
    """Return what a database has of its own, "" for a new one."""
    found = [f"{table} ({rows:,})" for table, rows in count_rows(ask).items() if rows and table not in _EMPTY]
    return f"It holds {', '.join(found[:4])}." if found else ""


def moved_event(who: Who, at_us: int, source: str) -> tuple[str, Row]:
    """Return the statement that writes a move down."""
    params = json.dumps({"from": source}, ensure_ascii=False)
    insert = "INSERT INTO events(order_pk, at, kind, actor, station, params) VALUES (NULL, ?, ?, ?, ?, ?)"
    return insert, (at_us, "data_moved", who.actor, who.station, params)


def copy_rows(
    ask: Ask, target: Target, observer: Observer | None = None, wanted: Sequence[Part] | None = None
) -> dict[str, Sum]:
    """Copy everything into an empty target; return the sums of what was read.

    `wanted` are the tables of another schema than this program's.
    """
    progress = _Progress("copy", sum(count_rows(ask, wanted).values()), observer)
    sums: dict[str, Sum] = {}
    for part in wanted or parts():
        summing = _Summing()
        target.fill(part, _counted(batches(ask, part), summing, progress))
        sums[part.table] = summing.sum()
    target.finish()
    return sums


def _counted(rows: Iterable[Rows], summing: _Summing, progress: _Progress) -> Iterator[Rows]:
    for some in rows:
        summing.add(some)
        yield some
        progress.more(len(some))


def sum_rows(
    ask: Ask, observer: Observer | None = None, wanted: Sequence[Part] | None = None
) -> dict[str, Sum]:
    """Read everything and return its sums."""
    progress = _Progress("compare", sum(count_rows(ask, wanted).values()), observer)
    sums: dict[str, Sum] = {}
    for part in wanted or parts():
        summing = _Summing()
        for rows in batches(ask, part):
            summing.add(rows)
            progress.more(len(rows))
        sums[part.table] = summing.sum()
    return sums


def compare(read: dict[str, Sum], kept: dict[str, Sum]) -> None:
    """Raise StorageError unless each table has the same rows in both."""
    for table, first in read.items():
        second = kept[table]
        if first.rows != second.rows:
            raise _differs(f"{table}: {first.rows:,} rows were read, {second.rows:,} are in the copy.")
        if first != second:
            raise _differs(f"{table}: the {first.rows:,} rows of the copy are not those that were read.")


def _differs(detail: str) -> StorageError:
    return StorageError(
        "The copy is not what was copied.", detail, "It is not used. Try again, and tell support."
    )


def check_version(found: int, words: str) -> None:
    """Raise RefusedError unless a database has this program's schema."""
    if found > SCHEMA_VERSION:
        raise RefusedError(
            "This database was made by a newer posapp.",
            f"{words} has schema {found}; this program knows {SCHEMA_VERSION}.",
            "Copy it with the newer posapp. Nothing was changed.",
        )
    if found < SCHEMA_VERSION:
        raise RefusedError(
            "This database was made by an older posapp.",
            f"{words} has schema {found}; this program has {SCHEMA_VERSION}.",
            "Open it once with this posapp, which upgrades it with a backup before; then copy it.",
        )
