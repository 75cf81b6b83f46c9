"""What the sync engine sees of an order, and what is noted of each question and write."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from posapp.domain.outbox import OVERTAKEN, OrderSync, Row
from posapp.domain.status import RowState, Status
from posapp.services.order_fields import STAFF, dump_texts, load_patch, load_texts, read_values
from posapp.storage.feed import Topic
from posapp.storage.fields import maybe_at, to_us
from posapp.storage.store import Transaction

# Beside the fields of a write that carried the whole order: it may bring back what they were before, too.
WHOLE = "*"
_ORDER = (
    "SELECT pk, remote, remote_id, code, status, shadow, settle_at, watch_at, missing_at, reasserts, "
    "format, shadow_fields FROM orders WHERE pk = ? AND remote IS NOT NULL"
)
_ROWS = (
    "SELECT seq, kind, target, base, forced, state, attempts, reached, refusals, created_at, not_before, "
    "hold_until, last_at, last_class, theirs, patch FROM outbox WHERE order_pk = ? "
    "AND state IN ('pending', 'in_flight', 'parked', 'conflict', 'dead') ORDER BY seq"
)
_SENT = "SELECT DISTINCT value FROM sent_log WHERE order_pk = ? AND verdict <> 'refused' AND value <> ''"
_SENT_FIELDS = (
    "SELECT fields, min(pk) FROM sent_log WHERE order_pk = ? AND verdict <> 'refused' AND fields <> '' "
    "GROUP BY fields"
)
# Between a refused step and the one before it that counted.
_SKIPPED = (
    "SELECT seq FROM outbox WHERE order_pk = ?1 AND patch = '' AND state = 'superseded' AND reason = ?3 "
    "AND seq < ?2 AND seq > coalesce((SELECT max(seq) FROM outbox WHERE order_pk = ?1 AND patch = '' "
    "AND seq < ?2 AND state <> 'superseded'), 0) ORDER BY seq"
)
# Edits before whose first write a whole order went out: that one carried what they began from.
_BEGINNINGS = (
    "SELECT patch FROM outbox WHERE order_pk = ?1 AND patch <> '' AND ?2 < coalesce("
    "(SELECT min(pk) FROM sent_log WHERE outbox_seq = outbox.seq), ?2 + 1)"
)
# What the order was before what we sent; but what a person overwrote was somebody else's.
_BASES = (
    "SELECT DISTINCT base FROM outbox WHERE order_pk = ?1 AND kind = 'status' AND forced = 0 "
    "AND base <> theirs AND (reached > 0 OR seq = (SELECT min(seq) FROM outbox WHERE order_pk = ?1))"
)


def read_view(tx: Transaction, pk: int) -> OrderSync | None:
    """Return the engine's view of an order, None when it is not a remote one."""
    raw = tx.one(_ORDER, (pk,))
    if raw is None:
        return None
    sent = frozenset(Status(row[0]) for row in tx.all(_SENT, (pk,)))
    rows = tuple(
        Row(
            seq=row[0],
            kind=row[1],
            target=Status(row[2]),
            base=Status(row[3]),
            forced=bool(row[4]),
            state=RowState(row[5]),
            attempts=row[6],
            reached=row[7],
            refusals=row[8],
            created_at=maybe_at(row[9]) or tx.now,
            not_before=maybe_at(row[10]),
            hold_until=maybe_at(row[11]),
            last_at=maybe_at(row[12]),
            last_class=row[13],
            theirs=row[14],
            patch=load_patch(row[15]),
        )
        for row in tx.all(_ROWS, (pk,))
    )
    shadow_fields = load_texts(raw[11])
    edited = sorted({*shadow_fields, *(name for row in rows for name in row.patch)})
    return OrderSync(
        pk=pk,
        remote=raw[1],
        remote_id=raw[2],
        code=raw[3],
        status=Status(raw[4]),
        shadow=Status(raw[5] or raw[4]),
        own=sent | {Status(row[0]) for row in tx.all(_BASES, (pk,))},
        sent=sent,
        rows=rows,
        settle_at=maybe_at(raw[6]),
        watch_at=maybe_at(raw[7]),
        missing_at=maybe_at(raw[8]),
        reasserts=raw[9],
        fields=read_values(tx, pk, raw[10], edited) if edited else {},
        shadow_fields=shadow_fields,
        sent_fields=_sent_fields(tx, pk, edited) if edited else {},
        keeps_edits=raw[10] != STAFF,
        skipped=_skipped(tx, pk, rows),
    )


def _skipped(tx: Transaction, pk: int, rows: Sequence[Row]) -> tuple[int, ...]:
    refused = next((row for row in rows if row.refusals > 0 and not row.patch), None)
    if refused is None:
        return ()
    return tuple(row[0] for row in tx.all(_SKIPPED, (pk, refused.seq, OVERTAKEN)))


def _sent_fields(tx: Transaction, pk: int, names: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the values of fields that may have reached the remote, now or later."""
    found: dict[str, set[str]] = {name: set() for name in names}
    whole: list[int] = []
    for text, first in tx.all(_SENT_FIELDS, (pk,)):
        values = load_texts(text)
        whole += [first] if WHOLE in values else []
        for name, value in values.items():
            found.get(name, set()).add(value)
    if whole:
        for (text,) in tx.all(_BEGINNINGS, (pk, min(whole))):
            for name, change in load_patch(text).items():
                found.get(name, set()).add(change.base)
    return {name: frozenset(values) for name, values in found.items()}


def mark_sending(
    tx: Transaction,
    view: OrderSync,
    row: Row,
    lease: str,
    not_before: datetime,
    settle_at: datetime,
    *,
    whole: bool = False,
) -> None:
    """Note, before the first byte leaves, that this row may reach the remote from now on.

    Whatever happens then, the order is watched until a read at or after `settle_at`. `whole`: the write
    carries the rest of the order too, as the remote showed it last.
    """
    tx.execute(
        "UPDATE outbox SET state = 'in_flight', attempts = attempts + 1, reached = reached + 1, last_at = ?, "
        "lease = ?, not_before = ? WHERE seq = ? AND state IN ('pending', 'in_flight')",
        (to_us(tx.now), lease, to_us(not_before), row.seq),
    )
    value = row.target.value if not row.patch else view.shadow.value if whole else ""
    carried = {name: change.ours for name, change in row.patch.items()} | ({WHOLE: ""} if whole else {})
    tx.execute(
        "INSERT INTO sent_log(order_pk, outbox_seq, value, sent_at, verdict, detail, fields) "
        "VALUES (?, ?, ?, ?, '', '', ?)",
        (view.pk, row.seq, value, to_us(tx.now), dump_texts(carried)),
    )
    tx.execute(
        "UPDATE orders SET settle_at = ?, watch_at = coalesce(watch_at, ?) WHERE pk = ?",
        (to_us(settle_at), to_us(settle_at), view.pk),
    )
    tx.touch(view.pk, Topic.QUEUE)


def note_read(tx: Transaction, pk: int) -> None:
    """Note that the order could be read: what it waited for is over, or a person did not want to wait."""
    tx.execute(
        "UPDATE outbox SET not_before = NULL WHERE order_pk = ? AND not_before IS NOT NULL "
        "AND state IN ('pending', 'in_flight')",
        (pk,),
    )


def note_answer(tx: Transaction, seq: int, verdict: str, detail: str, *, unsent: bool) -> None:
    """Write the answer beside the last write of this row; forget the write if nothing can have arrived."""
    last = tx.one("SELECT max(pk) FROM sent_log WHERE outbox_seq = ?", (seq,))
    if last is None or last[0] is None:
        return
    if unsent:
        tx.execute("DELETE FROM sent_log WHERE pk = ?", (last[0],))
        return
    tx.execute(
        "UPDATE sent_log SET answered_at = ?, verdict = ?, detail = ? WHERE pk = ?",
        (to_us(tx.now), verdict, detail[:500], last[0]),
    )
