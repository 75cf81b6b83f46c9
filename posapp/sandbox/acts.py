"""What the staff of the training shop might do in the first half-hour, so that the screen looks lived in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from posapp.domain.status import Status
from posapp.sandbox.cast import at


@dataclass(frozen=True, slots=True)
class StaffAct:
    """What the staff do with an order, and when, so that the morning looks lived in."""

    at: timedelta
    order: str
    status: Status


def _acts(order: str, *steps: tuple[str, Status]) -> tuple[StaffAct, ...]:
    return tuple(StaffAct(at(clock), order, status) for clock, status in steps)


_ACCEPTED, _COOKING, _ONDELIVERY = Status.ACCEPTED, Status.COOKING, Status.ONDELIVERY

# Played up to TOUR they leave 16 active orders: 3 to look at (one of them edited), 2 accepted, 5 cooking,
# 4 on delivery, 2 scheduled; and two that ended: the prank, and the order whose payment was declined.
STAFF_ACTS: tuple[StaffAct, ...] = tuple(
    sorted(
        (
            *_acts("erzhan", ("1:00", Status.TIMING)),
            *_acts("igor", ("1:20", _ACCEPTED), ("1:50", _COOKING), ("3:00", _ONDELIVERY)),
            *_acts("gulnara", ("2:00", Status.TIMING)),
            *_acts("madina", ("4:00", _ACCEPTED), ("4:30", _COOKING), ("8:00", _ONDELIVERY)),
            *_acts("zhanna", ("5:40", _ACCEPTED), ("6:30", _COOKING), ("18:00", _ONDELIVERY)),
            *_acts("asel", ("7:00", _ACCEPTED), ("8:10", _COOKING), ("21:30", _ONDELIVERY)),
            *_acts("saule", ("10:30", _ACCEPTED), ("19:55", _COOKING)),
            *_acts("timur", ("11:20", _ACCEPTED), ("14:40", _COOKING)),
            *_acts("bekzat", ("12:10", _ACCEPTED), ("16:00", _COOKING)),
            *_acts("ruslan", ("16:20", _ACCEPTED), ("29:29", _COOKING)),
            *_acts("aliya", ("18:30", _ACCEPTED), ("20:58", _COOKING)),
            *_acts("dinara", ("21:00", _ACCEPTED), ("30:48", _COOKING)),
            *_acts("olga", ("26:00", Status.EDITED)),
            *_acts("stranger", ("26:50", Status.CANCELLED)),
            *_acts("nurlan", ("28:00", _ACCEPTED)),
            *_acts("anna", ("28:30", _ACCEPTED)),
        ),
        key=lambda act: act.at,
    )
)
