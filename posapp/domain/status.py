"""The eight statuses of an order, the moves between them, and their ranks for merging."""

from __future__ import annotations

from enum import StrEnum

from posapp.domain.errors import RefusedError


class Status(StrEnum):
    """An order's status, in the words of the internal API."""

    CREATED = "created"
    ACCEPTED = "accepted"
    TIMING = "timing"
    EDITED = "edited"
    COOKING = "cooking"
    ONDELIVERY = "ondelivery"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class Kind(StrEnum):
    """How the customer gets the order."""

    DELIVERY = "delivery"
    PICKUP = "pickup"


class PaymentStatus(StrEnum):
    """What is known about the money."""

    UNPAID = "unpaid"
    WAITING = "waiting_for_payment"
    PAID = "paid"
    FAILED = "failed"
    PARTLY_PAID = "partly_paid"  # these two are of counter orders: no remote has a word for them
    REFUNDED = "refunded"


class PaymentMethod(StrEnum):
    """How the customer pays."""

    CARD = "card"
    CASH = "cash"


class SyncState(StrEnum):
    """What a person should know about an order's synchronisation."""

    LOCAL = "local"
    SYNCED = "synced"
    PENDING = "pending"
    FAILED = "failed"
    CONFLICT = "conflict"


class RowState(StrEnum):
    """The state of one outbox row; exactly one at any moment."""

    PENDING = "pending"
    IN_FLIGHT = "in_flight"
    CONFIRMED = "confirmed"
    SUPERSEDED = "superseded"
    PARKED = "parked"
    CONFLICT = "conflict"
    DEAD = "dead"


WAITING_ROWS = frozenset({RowState.PENDING, RowState.IN_FLIGHT})
PERSON_ROWS = frozenset({RowState.PARKED, RowState.CONFLICT, RowState.DEAD})
OPEN_ROWS = WAITING_ROWS | PERSON_ROWS

FINAL = frozenset({Status.DELIVERED, Status.CANCELLED})
ACTIVE = tuple(status for status in Status if status not in FINAL)

_S = Status
_MOVES: dict[Status, tuple[Status, ...]] = {
    _S.CREATED: (_S.ACCEPTED, _S.TIMING, _S.EDITED, _S.CANCELLED),
    _S.EDITED: (_S.ACCEPTED, _S.TIMING, _S.COOKING, _S.CANCELLED),
    _S.ACCEPTED: (_S.COOKING, _S.TIMING, _S.EDITED, _S.CANCELLED),
    _S.TIMING: (_S.ACCEPTED, _S.COOKING, _S.EDITED, _S.CANCELLED),
    _S.COOKING: (_S.ONDELIVERY, _S.DELIVERED, _S.EDITED, _S.CANCELLED),
    _S.ONDELIVERY: (_S.DELIVERED, _S.COOKING, _S.CANCELLED),
    _S.DELIVERED: (),
    _S.CANCELLED: (),
}
_RANK: dict[Status, int] = {
    _S.CREATED: 0,
    _S.ACCEPTED: 1,
    _S.TIMING: 1,
    _S.EDITED: 1,
    _S.COOKING: 2,
    _S.ONDELIVERY: 3,
    _S.DELIVERED: 4,
    _S.CANCELLED: 4,
}
_NEXT: dict[Status, Status] = {
    _S.CREATED: _S.ACCEPTED,
    _S.EDITED: _S.ACCEPTED,
    _S.ACCEPTED: _S.COOKING,
    _S.COOKING: _S.ONDELIVERY,
    _S.ONDELIVERY: _S.DELIVERED,
    _S.TIMING: _S.ACCEPTED,
}


def parse_status(word: str) -> Status:
    """Return the status called `word`; raise RefusedError naming all statuses if there is none."""
    try:
        return Status(word.strip().lower())
    except ValueError:
        raise RefusedError(
            f"There is no status “{word[:40]}”.",
            remedy="Use one of: " + ", ".join(Status) + ".",
            fields={"status": "Unknown status."},
        ) from None


def rank(status: Status) -> int:
    """Return how far along `status` is: created 0 … delivered and cancelled 4."""
    return _RANK[status]


def allowed_moves(status: Status, kind: Kind) -> tuple[Status, ...]:
    """Return the statuses that a person may move an order of this kind to."""
    moves = _MOVES[status]
    if status is Status.COOKING:
        # A pickup order is handed over at the counter; a delivery has to be sent out first.
        skipped = Status.ONDELIVERY if kind is Kind.PICKUP else Status.DELIVERED
        return tuple(move for move in moves if move is not skipped)
    return moves


def next_step(status: Status, kind: Kind) -> Status | None:
    """Return the one obvious next status, or None when the order is finished."""
    if status is Status.COOKING and kind is Kind.PICKUP:
        return Status.DELIVERED
    return _NEXT.get(status)


def check_move(status: Status, target: Status, kind: Kind) -> None:
    """Raise RefusedError unless the rules allow the move."""
    moves = allowed_moves(status, kind)
    if target in moves:
        return
    if status in FINAL:
        raise RefusedError(
            f"This order is already {status}.",
            f"A finished order cannot be moved to “{target}”.",
            "Only undo can take the last step back.",
        )
    raise RefusedError(
        f"An order that is {status} cannot become {target}.",
        remedy="From here it can become: " + ", ".join(moves) + ".",
        fields={"status": f"Not possible from {status}."},
    )
