"""What the kitchen keeps of an order while others change it: edits to acknowledge, cancellations to see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from posapp.domain.kitchen import Making, differs, dump_making
from posapp.domain.status import Status
from posapp.storage.kitchen import read_items
from posapp.storage.store import Transaction

ON_BOARD = frozenset({Status.ACCEPTED, Status.COOKING, Status.EDITED})
_BEFORE_COOKING = frozenset({Status.CREATED, Status.ACCEPTED, Status.TIMING})
_STATUSES = "status IN ('accepted', 'cooking') OR (status = 'edited' AND accepted_at IS NOT NULL)"
_STRIKE = (
    "INSERT INTO kitchen_orders(order_pk, revision, seen, ready_by, struck) "
    "SELECT pk, 1, '', '', 1 FROM orders WHERE pk = ? AND accepted_at IS NOT NULL AND sent_at IS NULL "
    "ON CONFLICT(order_pk) DO UPDATE SET struck = 1, "
    "revision = kitchen_orders.revision + 1 WHERE kitchen_orders.ready_at IS NULL"
)
_KEEP = (
    "INSERT INTO kitchen_orders(order_pk, revision, seen, ready_by, struck) VALUES (?, 1, ?, '', 0) "
    "ON CONFLICT(order_pk) DO UPDATE SET "
    "seen = CASE kitchen_orders.seen WHEN '' THEN excluded.seen ELSE kitchen_orders.seen END, "
    "ready_at = NULL, ready_by = '', revision = kitchen_orders.revision + 1"
)


def follow_status(tx: Transaction, pk: int, before: Status, after: Status) -> None:
    """Let the kitchen follow a change of status; the order's own row says the new one already."""
    if after is Status.CANCELLED and before in ON_BOARD:
        tx.execute(_STRIKE, (pk,))
    elif before is Status.CANCELLED:
        tx.execute(
            "UPDATE kitchen_orders SET struck = 0, revision = revision + 1 WHERE order_pk = ? AND struck = 1",
            (pk,),
        )
    elif before is Status.COOKING and after in _BEFORE_COOKING:
        forget_bumps(tx, pk)


def forget_bumps(tx: Transaction, pk: int) -> None:
    """Take back that anybody was done with an order."""
    tx.execute("DELETE FROM kitchen_bumps WHERE order_pk = ?", (pk,))
    tx.execute(
        "UPDATE kitchen_orders SET ready_at = NULL, ready_by = '', revision = revision + 1 "
        "WHERE order_pk = ?",
        (pk,),
    )


def read_making(tx: Transaction, pk: int) -> Making:
    """Return what the kitchen has to make of an order."""
    row = tx.one("SELECT comment FROM orders WHERE pk = ?", (pk,))
    return Making(read_items(tx, [pk]).get(pk, ()), row[0] if row else "")


@contextmanager
def watched(tx: Transaction, pk: int) -> Iterator[None]:
    """Notice what the block changes for the kitchen: it is marked there until somebody acknowledges it.

    An order that was ready already comes back to the board.
    """
    if tx.one(f"SELECT 1 FROM orders WHERE pk = ? AND ({_STATUSES})", (pk,)) is None:  # noqa: S608
        yield
        return
    before = read_making(tx, pk)
    yield
    if differs(before, read_making(tx, pk)):
        tx.execute(_KEEP, (pk, dump_making(before)))
        tx.execute("DELETE FROM kitchen_bumps WHERE order_pk = ?", (pk,))
        tx.touch(pk)
