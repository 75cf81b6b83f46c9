"""Decisions about orders that need a person, which can be taken back for as long as nothing was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from posapp.domain.errors import RefusedError, StaleOrderError
from posapp.domain.outbox import STATUS
from posapp.domain.people import Right
from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services.conflict_case import MINE, THEIRS, ConflictCase, case_in
from posapp.services.conflicts import discard_in, resolve_in
from posapp.services.field_conflicts import resolve_fields_in
from posapp.services.kitchen_marks import watched
from posapp.services.order_fields import CART, load_patch, order_format, read_values, write_values
from posapp.services.permits import permit
from posapp.services.steps import change_status, read_facts, refresh_sync
from posapp.storage.feed import Topic
from posapp.storage.fields import to_us
from posapp.storage.store import Store, Transaction

WINDOW = timedelta(seconds=6)  # a decision made in the window is sent only after this
_OPEN = "('pending', 'in_flight', 'parked', 'conflict', 'dead')"
# What a decision changes of a row, and of the order itself.
_ROW = (
    "state", "forced", "refusals", "not_before", "hold_until", "last_error", "closed_at", "reason", "patch",
)  # fmt: skip
_CLOCKS = ("status_at", "accepted_at", "sent_at", "closed_at", "promised_at", "urgency")
_SYNC = ("shadow_fields", "missing_at", "reasserts", "settle_at", "watch_at")
_MARKS = "SELECT seq, state, reached FROM outbox WHERE order_pk = ? AND seq >= ? ORDER BY seq"
_MARK = (
    "SELECT version, coalesce(shadow, ''), shadow_fields, coalesce((SELECT raw FROM order_raw "
    "WHERE order_pk = orders.pk), '') FROM orders WHERE pk = ?"
)


@dataclass(frozen=True, slots=True)
class _Before:
    """An order as it was before a decision."""

    first: int  # the first row that was not settled
    rows: tuple[tuple[Any, ...], ...]
    order: tuple[Any, ...]
    status: Status
    values: Mapping[str, str]
    raw: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that `take_back` can undo as long as nothing has come of it yet."""

    pk: int
    code: str
    status: Status  # what the order is since
    sends: bool  # whether something of ours goes out
    before: _Before
    after: tuple[Any, ...]  # how the order and its rows were left


def decide(
    store: Store,
    case: ConflictCase,
    choices: Mapping[str, str],
    who: Who,
    *,
    hold: bool = False,
    origin: str = "",
) -> Decision:
    """Settle a conflict as `case` showed it: `mine` or `theirs` for each of its fields, the status too.

    `hold` keeps the outcome from being sent for as long as undo is offered. Raises StaleOrderError when the
    conflict is another one by now, RefusedError when a field is left out.
    """
    with store.write(origin) as tx:
        permit(tx, who, Right.RESOLVE)
        now = case_in(tx, case.pk)
        if now is None or now.fields != case.fields:
            raise StaleOrderError(
                f"The conflict of order #{case.code} is about something else by now.",
                "Nothing was decided.",
                "Look at it again, then decide.",
            )
        missing = {field.name for field in case.fields} ^ choices.keys()
        if missing or set(choices.values()) - {MINE, THEIRS}:
            raise RefusedError(
                "Not everything is decided yet.",
                remedy="Choose one side for each field.",
                fields=dict.fromkeys(sorted(missing), "Say mine or theirs."),
            )
        before = _read_before(tx, case.pk)
        about_fields = {name: choice for name, choice in choices.items() if name != STATUS}
        if about_fields:
            resolve_fields_in(tx, case.pk, about_fields, who)
        if STATUS in choices:
            resolve_in(tx, case.pk, choices[STATUS], who)
        return _made(tx, case.pk, before, hold=hold)


def give_up(
    store: Store, pk: int, reason: str, who: Who, *, hold: bool = False, origin: str = ""
) -> Decision:
    """Discard what waits of an order for a reason: it goes back to the shop's values.

    Raises RefusedError without a reason, when nothing waits, or when something may be arriving this moment.
    """
    with store.write(origin) as tx:
        permit(tx, who, Right.DISCARD)
        before = _read_before(tx, pk)
        if not before.rows:
            raise RefusedError("Nothing of this order waits any more.", remedy="Look at the queue again.")
        discard_in(tx, pk, reason, who)
        return _made(tx, pk, before, hold=hold)


def take_back(store: Store, made: Decision, who: Who, *, origin: str = "") -> None:
    """Put an order back before a decision, so that a person is asked again.

    Raises StaleOrderError once something of it was sent, or the order changed since.
    """
    with store.write(origin) as tx:
        permit(tx, who, Right.RESOLVE)
        pk = made.pk
        if _mark(tx, pk, made.before.first) != made.after:
            raise StaleOrderError(
                f"The decision about order #{made.code} cannot be taken back.",
                "It was sent already, or the order was changed since.",
                "Open the order and change it there.",
            )
        _restore_rows(tx, pk, made.before)
        _restore_order(tx, pk, made.before)
        tx.event(pk, "reopened", who, {"to": made.before.status.value})
        tx.execute("UPDATE orders SET version = version + 1 WHERE pk = ?", (pk,))
        refresh_sync(tx, pk)
        tx.touch(pk, Topic.QUEUE)


def _read_before(tx: Transaction, pk: int) -> _Before:
    rows = tx.all(
        f"SELECT seq, {', '.join(_ROW)} FROM outbox WHERE order_pk = ? AND state IN {_OPEN} ORDER BY seq",  # noqa: S608
        (pk,),
    )
    facts = read_facts(tx, pk)
    order = tx.one(f"SELECT {', '.join((*_CLOCKS, *_SYNC))} FROM orders WHERE pk = ?", (pk,))  # noqa: S608
    raw = tx.one("SELECT raw FROM order_raw WHERE order_pk = ?", (pk,))
    patch_at = 1 + _ROW.index("patch")
    names = {name for row in rows for name in load_patch(row[patch_at])} - {CART}
    values = read_values(tx, pk, order_format(tx, pk), sorted(names)) if names else {}
    first = rows[0][0] if rows else 0
    return _Before(first, tuple(rows), tuple(order or ()), facts.status, values, raw[0] if raw else "")


def _made(tx: Transaction, pk: int, before: _Before, *, hold: bool) -> Decision:
    waiting = "order_pk = ? AND state = 'pending'"
    if hold:
        until = to_us(tx.now + WINDOW)
        tx.execute(f"UPDATE outbox SET hold_until = ? WHERE {waiting}", (until, pk))  # noqa: S608
        # The lines of theirs are fetched anew: not before undo has run out either.
        tx.execute("UPDATE orders SET watch_at = ? WHERE pk = ? AND watch_at = 0", (until, pk))
    facts = read_facts(tx, pk)
    sends = tx.one(f"SELECT 1 FROM outbox WHERE {waiting}", (pk,)) is not None  # noqa: S608
    return Decision(pk, facts.code, facts.status, sends, before, _mark(tx, pk, before.first))


def _mark(tx: Transaction, pk: int, first: int) -> tuple[Any, ...]:
    """Return what shows whether anything has happened to an order since."""
    return (tx.one(_MARK, (pk,)), tuple(tx.all(_MARKS, (pk, first))))


def _restore_rows(tx: Transaction, pk: int, before: _Before) -> None:
    columns = ", ".join(f"{name} = ?" for name in _ROW)
    tx.executemany(
        f"UPDATE outbox SET {columns} WHERE seq = ?",  # noqa: S608 - our own column names
        [(*row[1:], row[0]) for row in before.rows],
    )
    known = [row[0] for row in before.rows] or [0]  # no row has this number
    marks = ", ".join("?" * len(known))
    # What the decision added stays in the queue's books, as given up.
    tx.execute(
        f"UPDATE outbox SET state = 'superseded', closed_at = ?, reason = 'withdrawn by undo' "  # noqa: S608
        f"WHERE order_pk = ? AND state IN {_OPEN} AND seq NOT IN ({marks})",
        (to_us(tx.now), pk, *known),
    )


def _restore_order(tx: Transaction, pk: int, before: _Before) -> None:
    facts = read_facts(tx, pk)
    if facts.status is not before.status:
        change_status(tx, facts, before.status)
    if before.values:
        with watched(tx, pk):
            write_values(tx, pk, order_format(tx, pk), before.values)
    columns = ", ".join(f"{name} = ?" for name in (*_CLOCKS, *_SYNC))
    tx.execute(f"UPDATE orders SET {columns} WHERE pk = ?", (*before.order, pk))  # noqa: S608
    tx.execute("UPDATE order_raw SET raw = ? WHERE order_pk = ?", (before.raw, pk))
