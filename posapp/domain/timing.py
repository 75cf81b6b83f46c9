"""Age, lateness and urgency of orders: which clock runs, and what comes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from posapp.domain.status import FINAL, Kind, Status

WARN_FRACTION = 0.67
USUAL = timedelta(minutes=15)  # from acceptance to ready; a promise ranks as if accepted so long before it
NEW_WARN_S = 60
NEW_LATE_S = 120
_GROUP = {
    Status.CREATED: 0,
    Status.EDITED: 1,
    Status.ACCEPTED: 2,
    Status.COOKING: 3,
    Status.ONDELIVERY: 4,
    Status.TIMING: 5,
}
_MAKING = frozenset({Status.ACCEPTED, Status.COOKING, Status.EDITED})
# Microseconds since 1970 stay below this until the year 2286.
_GROUP_SIZE = 10**16


class Age(StrEnum):
    """How an order stands against its target time."""

    OK = "ok"
    WARN = "warn"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Targets:
    """Target times in minutes, from acceptance to ready, per kind of order."""

    delivery_min: int = 15
    pickup_min: int = 10

    def seconds(self, kind: Kind) -> int:
        """Return the target of this kind in seconds."""
        return 60 * (self.pickup_min if kind is Kind.PICKUP else self.delivery_min)


class Moments(NamedTuple):
    """The instants (UTC) that an order's clock can run from."""

    received_at: datetime
    status_at: datetime
    accepted_at: datetime | None = None
    sent_at: datetime | None = None
    promised_at: datetime | None = None  # when staff said that it would be ready


def age_from(status: Status, moments: Moments) -> datetime | None:
    """Return when the order's present clock started: intake, acceptance or sending; None if none runs."""
    match status:
        case Status.CREATED:
            return moments.received_at
        case Status.ACCEPTED | Status.COOKING | Status.EDITED:
            return moments.accepted_at or moments.status_at
        case Status.ONDELIVERY:
            return moments.sent_at or moments.status_at
        case _:
            return None


def target_seconds(status: Status, kind: Kind, targets: Targets) -> int:
    """Return the number of seconds after which this order is late; 0 when nothing is late in this status."""
    match status:
        case Status.CREATED:
            return NEW_LATE_S
        case Status.ACCEPTED | Status.COOKING | Status.EDITED:
            return targets.seconds(kind)
        case _:
            return 0


def late_after(status: Status, kind: Kind, moments: Moments, targets: Targets) -> int:
    """Return after how many seconds of its age an order is late: at the time promised, else at the target.

    0 when nothing is late in this status. A promise that had passed before the clock started counts no more.
    """
    start = age_from(status, moments)
    if status in _MAKING and start is not None and moments.promised_at is not None:
        promised = int((moments.promised_at - start).total_seconds())
        if promised > 0:
            return promised
    return target_seconds(status, kind, targets)


def age_level(status: Status, seconds: float, target_s: int) -> Age:
    """Tell how late an order of this age is; `target_s` as given by `target_seconds`."""
    if target_s <= 0:
        return Age.OK
    warn_s = NEW_WARN_S if status is Status.CREATED else target_s * WARN_FRACTION
    if seconds > target_s:
        return Age.LATE
    return Age.WARN if seconds >= warn_s else Age.OK


def urgency(status: Status, moments: Moments, due_at: datetime | None) -> int | None:
    """Return the sort key of an active order (smaller is more urgent); None for finished ones.

    New orders come first, then the further steps; within a step the longest waiting, those with a promise by
    its time, scheduled ones by due time.
    """
    if status in FINAL:
        return None
    clock = age_from(status, moments) or due_at or moments.status_at
    if status in _MAKING and moments.promised_at is not None:
        clock = moments.promised_at - USUAL
    return _GROUP[status] * _GROUP_SIZE + int(clock.timestamp() * 1_000_000)
