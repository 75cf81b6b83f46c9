"""The audit as a chain: each entry is sealed together with the one before it at its station.

Whoever changes, removes or slips in an entry later breaks the chain from there on. Entries are sealed some
seconds after they were written, by whichever program runs, so that no act waits for it. Taking away the
newest entries together with their links is the one change that a chain alone cannot show.

Of an order whose customer was forgotten, texts were taken out of the entries. Their links stay as they were,
and what is left is sealed by the hash in the entry that tells of the forgetting.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from posapp.storage.fields import to_us
from posapp.storage.privacy import seal_holds
from posapp.storage.reader import number_of
from posapp.storage.store import Store, Transaction

AGE = timedelta(seconds=10)  # two programs may commit in another order than they began
AT_ONCE = 1000
_ENTRY = "events.pk, events.order_pk, events.at, events.kind, events.actor, events.station, events.params"
_LAST = "SELECT coalesce(max(event_pk), 0) FROM audit_chain"


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a look at the whole chain found; `problem` is a sentence, "" when all is sound."""

    sealed: int
    waiting: int
    problem: str = ""


def _digest(before: bytes, entry: tuple[Any, ...]) -> bytes:
    text = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(before + text.encode("utf-8", "surrogatepass")).digest()


def seal(store: Store, limit: int = AT_ONCE) -> int:
    """Seal the oldest entries that are not yet; return how many, `limit` when there may be more."""
    ripe = to_us(store.clock() - AGE)
    if store.one(f"SELECT 1 FROM events WHERE pk > ({_LAST}) AND at <= ? LIMIT 1", (ripe,)) is None:  # noqa: S608
        return 0
    with store.write() as tx:
        rows = tx.all(
            f"SELECT {_ENTRY} FROM events WHERE pk > ({_LAST}) ORDER BY pk LIMIT ?",  # noqa: S608
            (limit,),
        )
        heads: dict[str, bytes] = {}
        links: list[tuple[Any, ...]] = []
        for entry in rows:
            if entry[2] > ripe:
                break  # what follows it waits, too: a chain has no gaps
            station = str(entry[5])
            before = heads[station] if station in heads else _head(tx, station)
            heads[station] = _digest(before, entry)
            links.append((entry[0], station, heads[station]))
        tx.executemany("INSERT INTO audit_chain(event_pk, station, digest) VALUES (?, ?, ?)", links)
    return len(links)


def _head(tx: Transaction, station: str) -> bytes:
    row = tx.one(
        "SELECT digest FROM audit_chain WHERE station = ? ORDER BY event_pk DESC LIMIT 1", (station,)
    )
    return bytes(row[0]) if row else b""


def verify(store: Store) -> AuditReport:
    """Go through the whole chain and hold each entry against its link."""
    heads: dict[str, bytes] = {}
    forgotten: dict[int, bool] = {}
    sealed = 0
    for row in _links(store):
        link, station, digest, *entry = row
        if entry[0] is None:
            return _broken(store, sealed, f"Entry {link} of {station} is missing.")
        right = _digest(heads.get(station, b""), tuple(entry)) == bytes(digest)
        heads[station] = bytes(digest)
        if not (right or _was_forgotten(store, entry[1], forgotten)) or entry[5] != station:
            return _broken(store, sealed, f"Entry {link} of {station} is not what was written down.")
        sealed += 1
    slipped = store.one(
        f"SELECT pk FROM events WHERE pk <= ({_LAST}) "  # noqa: S608 - our own words
        "AND pk NOT IN (SELECT event_pk FROM audit_chain) LIMIT 1"
    )
    if slipped is not None:
        return _broken(store, sealed, f"Entry {slipped[0]} was added afterwards.")
    return _broken(store, sealed, "")


def _was_forgotten(store: Store, order_pk: int | None, known: dict[int, bool]) -> bool:
    """Tell whether an order's entries are those that forgetting its customer left behind."""
    if order_pk is None:
        return False
    if order_pk not in known:
        known[order_pk] = seal_holds(store, order_pk)
    return known[order_pk]


def _broken(store: Store, sealed: int, problem: str) -> AuditReport:
    waiting = number_of(store, f"SELECT count(*) FROM events WHERE pk > ({_LAST})")  # noqa: S608
    return AuditReport(sealed, waiting, problem)


def _links(store: Store) -> Iterator[tuple[Any, ...]]:
    """Return every link with its entry, oldest first, some thousand at a time."""
    last = 0
    while rows := store.all(
        f"SELECT audit_chain.event_pk, audit_chain.station, audit_chain.digest, {_ENTRY} "  # noqa: S608
        "FROM audit_chain LEFT JOIN events ON events.pk = audit_chain.event_pk "
        "WHERE audit_chain.event_pk > ? ORDER BY audit_chain.event_pk LIMIT 5000",
        (last,),
    ):
        yield from rows
        last = int(rows[-1][0])
