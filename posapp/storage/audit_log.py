"""Reading the audit as a list: newest first, in pages, by person, station, kind, order and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from posapp.storage.fields import from_us, to_us
from posapp.storage.reader import Reader, number_of
from posapp.storage.rows import EventRow

# So many entries are looked at for one page, so that a rare person does not hold up the jobs.
_LOOKED_AT = 50_000


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is wanted; "" and None leave nothing out."""

    actor: str = ""
    station: str = ""
    kinds: tuple[str, ...] = ()
    code: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry, with the order that it is about."""

    pk: int
    order_pk: int | None
    code: str
    event: EventRow


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries; `before` is where the next page begins, None at the end."""

    rows: tuple[AuditRow, ...]
    before: int | None


@dataclass(frozen=True, slots=True)
class Sealed:
    """How far the chain goes: so many entries, up to this moment; `waiting` are not in it yet."""

    at: datetime | None
    waiting: int


def audit_page(reader: Reader, chosen: AuditFilter, before: int | None = None, limit: int = 200) -> AuditPage:
    """Return the newest entries older than `before`; a page may be short, or empty, and not the last."""
    newest = number_of(reader, "SELECT coalesce(max(pk), 0) FROM events") + 1
    end = newest if before is None else before
    if before is None and chosen.until is not None:
        end = _first_at(reader, chosen.until, newest)
    start = _first_at(reader, chosen.since, newest) if chosen.since is not None else 0
    clauses, params = _clauses(chosen)
    # An order's own entries are few, and have an index.
    low = start if chosen.code else max(start, end - _LOOKED_AT)
    rows = reader.all(
        "SELECT events.pk, events.order_pk, orders.code, events.at, events.kind, events.actor, "  # noqa: S608
        "events.station, events.params FROM events LEFT JOIN orders ON orders.pk = events.order_pk "
        f"WHERE events.pk < ? AND events.pk >= ?{clauses} ORDER BY events.pk DESC LIMIT ?",
        (end, low, *params, limit),
    )
    found = tuple(_row(row) for row in rows)
    if len(found) == limit:
        return AuditPage(found, found[-1].pk)
    return AuditPage(found, low if low > max(start, 1) else None)


def _clauses(chosen: AuditFilter) -> tuple[str, list[Any]]:
    parts: list[str] = []
    params: list[Any] = []
    for column, value in (("actor", chosen.actor), ("station", chosen.station)):
        if value:
            parts.append(f" AND events.{column} = ?")
            params.append(value)
    if chosen.kinds:
        parts.append(f" AND events.kind IN ({', '.join('?' * len(chosen.kinds))})")
        params.extend(chosen.kinds)
    if chosen.code:
        parts.append(" AND events.order_pk IN (SELECT pk FROM orders WHERE code = ?)")
        params.append(chosen.code)
    return "".join(parts), params


def _first_at(reader: Reader, moment: datetime, newest: int) -> int:
    """Return the first entry of a moment or later: entries stand in the order of time, but for seconds."""
    low, high, wanted = 0, newest, to_us(moment)
    while low < high:
        middle = (low + high) // 2
        row = reader.one("SELECT pk, at FROM events WHERE pk >= ? ORDER BY pk LIMIT 1", (middle,))
        if row is None or row[1] >= wanted:
            high = middle
        else:
            low = int(row[0]) + 1
    return low


def _row(row: tuple[Any, ...]) -> AuditRow:
    pk, order_pk, code, at, kind, actor, station, params = row
    texts = {str(key): str(value) for key, value in msgspec.json.decode(params).items()}
    return AuditRow(pk, order_pk, code or "", EventRow(from_us(at), kind, actor, station, texts))


def audit_stations(reader: Reader) -> tuple[str, ...]:
    """Return the stations that are in the chain, one step of the index for each."""
    found: list[str] = []
    last = ""
    while row := reader.one("SELECT min(station) FROM audit_chain WHERE station > ?", (last,)):
        if row[0] is None:
            break
        last = str(row[0])
        found.append(last)
    return tuple(found)


def audit_people(reader: Reader) -> tuple[str, ...]:
    """Return everybody who works or worked here."""
    return tuple(str(row[0]) for row in reader.all("SELECT DISTINCT name FROM staff ORDER BY name"))


def sealed(reader: Reader) -> Sealed:
    """Tell how far the entries are sealed."""
    last = number_of(reader, "SELECT coalesce(max(event_pk), 0) FROM audit_chain")
    row = reader.one("SELECT at FROM events WHERE pk = ?", (last,))
    waiting = number_of(reader, "SELECT count(*) FROM events WHERE pk > ?", (last,))
    return Sealed(from_us(row[0]) if row else None, waiting)
