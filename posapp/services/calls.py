"""The door between the processes of one data directory: one asks, the other does it and answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from posapp.storage.feed import Topic
from posapp.storage.fields import to_us
from posapp.storage.store import Store

SYNC = "sync"
SHOW = "show"
KEEP = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class CallRow:
    """A request that waits to be done."""

    pk: int
    kind: str
    payload: Mapping[str, Any]


def _kind(store: Store, kind: str) -> str:
    """Return a request's kind; a window is shown by the processes of its own data directory only."""
    return f"{kind} {_place(store.data_dir)}" if kind == SHOW else kind


@cache
def _place(data_dir: Path) -> str:
    import hashlib
    import platform

    place = f"{platform.node()}:{data_dir.resolve()}"
    return hashlib.sha256(place.encode()).hexdigest()[:10]


def ask(store: Store, kind: str, payload: Mapping[str, Any]) -> int:
    """Leave a request for the process that does `kind`; return its key. Old ones are swept away."""
    with store.write() as tx:
        tx.execute("DELETE FROM calls WHERE created_at < ?", (to_us(tx.now - KEEP),))
        row = tx.one(
            "INSERT INTO calls(kind, payload, created_at, result) VALUES (?, ?, ?, '') RETURNING pk",
            (_kind(store, kind), json.dumps(dict(payload)), to_us(tx.now)),
        )
        tx.touch(None, Topic.CALLS)
        assert row is not None  # noqa: S101 - an insert returns its key
        return int(row[0])


def take(store: Store, kind: str) -> list[CallRow]:
    """Return the requests of `kind` that nobody has taken, and take them."""
    found = store.all(
        "SELECT pk, kind, payload FROM calls WHERE done_at IS NULL AND taken_at IS NULL AND kind = ?",
        (_kind(store, kind),),
    )
    if not found:
        return []
    with store.write() as tx:
        for row in found:
            tx.execute("UPDATE calls SET taken_at = ? WHERE pk = ?", (to_us(tx.now), row[0]))
    return [CallRow(row[0], row[1], json.loads(row[2])) for row in found]


def take_over(store: Store, kind: str) -> None:
    """Let requests be taken again that somebody took who ended before answering."""
    with store.write() as tx:
        tx.execute(
            "UPDATE calls SET taken_at = NULL WHERE kind = ? AND taken_at IS NOT NULL AND done_at IS NULL",
            (kind,),
        )


def answer(store: Store, pk: int, result: Mapping[str, Any]) -> None:
    """Say that a request is done, with its result."""
    with store.write() as tx:
        tx.execute(
            "UPDATE calls SET done_at = ?, result = ? WHERE pk = ?",
            (to_us(tx.now), json.dumps(dict(result)), pk),
        )
        tx.touch(None, Topic.CALLS)


def result_of(store: Store, pk: int) -> dict[str, Any] | None:
    """Return the result of a request, None while it is not done."""
    row = store.one("SELECT result FROM calls WHERE pk = ? AND done_at IS NOT NULL", (pk,))
    if row is None:
        return None
    result: dict[str, Any] = json.loads(row[0] or "{}")
    return result


def withdraw(store: Store, pk: int) -> None:
    """Take a request back that nobody answers."""
    with store.write() as tx:
        tx.execute("DELETE FROM calls WHERE pk = ?", (pk,))
