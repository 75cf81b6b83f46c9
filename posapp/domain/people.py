"""The people of a shop: their roles, what each role may do, and the rules of a PIN.

The table below is the one place that says who may do what; services ask it inside the transaction of the act.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from posapp.domain.errors import RefusedError
from posapp.domain.status import FINAL, Status

LONGEST_NAME = 80
FAILURES_FREE = 5  # wrong PINs before the first wait
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
SECOND_THOUGHTS = timedelta(minutes=1)  # for so long, taking an own act back needs no manager
APPROVAL_LASTS = timedelta(seconds=60)  # from the manager's PIN to the act it allows


class Role(StrEnum):
    """What somebody is in the shop."""

    COOK = "cook"
    COUNTER = "counter"
    COURIER_DESK = "courier_desk"
    MANAGER = "manager"


class Right(StrEnum):
    """What a role allows or not; the words in the database and in the audit."""

    NOTICE = "notice"  # take notice of a new or cancelled order
    KITCHEN = "kitchen"  # tick, bump, recall, see edits
    FORWARD = "forward"  # the next step of an order that is being made
    ACCEPT = "accept"  # accept, schedule, take over an edit of the shop's
    EDIT = "edit"
    DISPATCH = "dispatch"  # give to couriers, deliver, came back, take their cash
    COURIERS = "couriers"  # the list of couriers
    SELL = "sell"  # carts, sales, payments
    BIG_DISCOUNT = "big_discount"  # more off than the settings allow everybody
    PROMO = "promo"  # give one that is kept for managers
    CANCEL_NEW = "cancel_new"
    CANCEL = "cancel"  # one that was accepted
    STEP_BACK = "step_back"
    REFUND = "refund"  # refunds, and payments taken back
    SHIFT = "shift"  # open, count, close; cash in and out
    SHIFT_GAP = "shift_gap"  # close over a gap that nobody explained
    BIG_DIFFERENCE = "big_difference"  # close over more cash too much or too little than the settings allow
    DRAWER = "drawer"  # open it without a sale
    PRINT = "print"
    SOLD_OUT = "sold_out"
    CATALOGUE = "catalogue"
    RESOLVE = "resolve"  # settle a conflict, retry what was refused
    REASSERT = "reassert"  # send ours again over the shop's decision
    DISCARD = "discard"
    SETTINGS = "settings"  # settings, shops, printers
    STAFF = "staff"
    EXPORT = "export"
    ERASE = "erase"  # forget customers
    RESTORE = "restore"


_EVERYBODY = frozenset({Right.NOTICE, Right.PRINT})
_COOK = _EVERYBODY | {Right.KITCHEN, Right.FORWARD, Right.SOLD_OUT}
_DESK = _EVERYBODY | {Right.FORWARD, Right.DISPATCH, Right.COURIERS}
_COUNTER = (
    _COOK
    | {Right.ACCEPT, Right.EDIT, Right.DISPATCH, Right.SELL, Right.CANCEL_NEW, Right.SHIFT, Right.DRAWER}
    | {Right.RESOLVE}
)

ALLOWED: Mapping[Role, frozenset[Right]] = {
    Role.COOK: frozenset(_COOK),
    Role.COUNTER: frozenset(_COUNTER),
    Role.COURIER_DESK: frozenset(_DESK),
    Role.MANAGER: frozenset(Right),
}

_STEPS = frozenset({Status.COOKING, Status.ONDELIVERY, Status.DELIVERED})
# How far an order is; a move to a lower place is a step back.
_PLACE = {
    Status.CREATED: 0,
    Status.EDITED: 0,
    Status.TIMING: 1,
    Status.ACCEPTED: 1,
    Status.COOKING: 2,
    Status.ONDELIVERY: 3,
    Status.DELIVERED: 4,
    Status.CANCELLED: 4,
}
_WAITING = frozenset({Status.CREATED, Status.EDITED})


def may(role: Role, right: Right) -> bool:
    """Tell whether a role has a right."""
    return right in ALLOWED[role]


def right_of_move(before: Status, after: Status) -> Right:
    """Return the right that moving an order from one status to another needs."""
    if after is Status.CANCELLED:
        return Right.CANCEL_NEW if before in _WAITING else Right.CANCEL
    if after is Status.EDITED:
        return Right.EDIT
    if before is Status.TIMING and after is Status.ACCEPTED:
        return Right.FORWARD  # it is started before its time
    if before is Status.ONDELIVERY and after is Status.COOKING:
        return Right.DISPATCH  # it came back
    if before in FINAL or _PLACE[after] < _PLACE[before]:
        return Right.STEP_BACK
    return Right.FORWARD if after in _STEPS else Right.ACCEPT


def pin_length(role: Role) -> int:
    """Return how many digits a PIN has."""
    return 6 if role is Role.MANAGER else 4


def check_pin(pin: str, role: Role) -> None:
    """Raise RefusedError for a PIN that is too short, no number, or the first that anybody would try."""
    length = pin_length(role)
    if len(pin) != length or not (pin.isascii() and pin.isdigit()):
        raise _bad_pin(f"A PIN of this role has {length} digits.")
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    if steps in ({0}, {1}, {9}):
        raise _bad_pin("This PIN is too easy to guess: take digits that do not run in order.")


def _bad_pin(why: str) -> RefusedError:
    return RefusedError("This PIN cannot be used.", why, "Choose another PIN.", {"pin": why})


def wait_after(failures: int) -> timedelta:
    """Return the wait after so many wrong PINs in a row: 30 s after 5, each time twice as long."""
    if failures < FAILURES_FREE:
        return timedelta(0)
    doubled = 1 << min(failures - FAILURES_FREE, 10)
    return min(_FIRST_WAIT * doubled, _LONGEST_WAIT)


def initials_of(name: str) -> str:
    """Return up to two letters for the disc beside a name: "Aigerim S" → "AS"."""
    words = name.split()
    letters = [word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words[:1])]
    return "".join(letters).upper()[:2]


class NotPermittedError(RefusedError):
    """An act that nobody may do as they are signed in now."""


class NotAllowedError(NotPermittedError):
    """The role of the person who acts does not allow it; a manager can approve it in place."""

    def __init__(self, right: Right, title: str, detail: str = "", remedy: str = "") -> None:
        super().__init__(title, detail, remedy)
        self.right = right


class SignInNeededError(NotPermittedError):
    """People work here, and nobody has signed in."""
