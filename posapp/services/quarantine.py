"""Rows of a pull that made no sense: kept with their reason until the order can be read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from posapp.domain.received import BadRow
from posapp.storage.feed import Topic
from posapp.storage.fields import to_us
from posapp.storage.store import Store

RAW_LIMIT = 65_536


def keep(store: Store, remote: str, rows: Sequence[BadRow], *, origin: str = "") -> int:
    """Keep rows that made no sense, each different one once; return how many were not there yet."""
    if not rows:
        return 0
    new = 0
    with store.write(origin) as tx:
        for row in rows:
            raw = row.raw[:RAW_LIMIT]
            digest = hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()
            now = to_us(tx.now)
            found = tx.one(
                "SELECT pk, solved_at FROM quarantine WHERE remote = ? AND digest = ?", (remote, digest)
            )
            if found is not None:
                tx.execute(
                    "UPDATE quarantine SET last_at = ?, times = times + 1, reason = ?, solved_at = NULL "
                    "WHERE pk = ?",
                    (now, row.reason, found[0]),
                )
                if found[1] is not None:
                    tx.touch(None, Topic.QUARANTINE)
                continue
            tx.execute(
                "INSERT INTO quarantine(remote, remote_id, reason, raw, digest, first_at, last_at, times) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, 1)",
                (remote, row.remote_id[:64], row.reason, raw, digest, now, now),
            )
            new += 1
            tx.touch(None, Topic.QUARANTINE)
    return new


def solve(store: Store, remote: str, remote_ids: Iterable[str], *, origin: str = "") -> None:
    """Close the quarantined rows of orders that can be read by now."""
    wanted = frozenset(remote_ids)
    waiting = store.all(
        "SELECT pk, remote_id FROM quarantine WHERE remote = ? AND solved_at IS NULL AND remote_id <> ''",
        (remote,),
    )
    solved = [pk for pk, remote_id in waiting if remote_id in wanted]
    if not solved:
        return
    with store.write(origin) as tx:
        for pk in solved:
            tx.execute("UPDATE quarantine SET solved_at = ? WHERE pk = ?", (to_us(tx.now), pk))
        tx.touch(None, Topic.QUARANTINE)
