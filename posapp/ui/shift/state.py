"""What the Shift tab shows: this station's drawer, the open ones elsewhere, the shifts before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.shift import ReportKind, ShiftReport
from posapp.domain.who import Who
from posapp.services.shifts import standing
from posapp.storage.shifts import ShiftRow, open_shift_of, reports, shifts
from posapp.storage.store import Store
from posapp.ui.reading import OneReader

_LISTED = 60


@dataclass(frozen=True, slots=True)
class ClosedShift:
    """A shift that was counted, with its Z."""

    row: ShiftRow
    report: ShiftReport


@dataclass(frozen=True, slots=True)
class ShiftState:
    """One moment of the database; `report` tells how the open shift stands, without being kept."""

    shift: ShiftRow | None
    report: ShiftReport | None
    elsewhere: tuple[ShiftRow, ...]
    closed: tuple[ClosedShift, ...]
    usual_float: str  # of the last shift here


def read_state(store: Store, who: Who, now: datetime) -> ShiftState:
    """Return how the shifts stand."""
    with store.snapshot():
        rows = shifts(store, limit=_LISTED)
        shift = open_shift_of(store, who.station)
        report = standing(store, shift, who, now.isoformat()) if shift is not None else None
        closed = tuple(found for row in rows if (found := _closed(store, row)) is not None)
    elsewhere = tuple(row for row in rows if row.closed_at is None and row.station != who.station)
    last = next((row for row in rows if row.station == who.station), None)
    return ShiftState(shift, report, elsewhere, closed, f"{last.opening_float:f}" if last else "")


def _closed(store: Store, row: ShiftRow) -> ClosedShift | None:
    if row.closed_at is None:
        return None
    made = [report for report in reports(store, row.pk) if report.kind == ReportKind.Z]
    return ClosedShift(row, made[-1]) if made else None


class ShiftReader(OneReader):
    """Answers with `arrived(ShiftState)` or `failed(PosError)`; many changes at once are one reading."""

    def work(self) -> Callable[[], ShiftState]:
        ctx, who = self._ctx, self._ctx.who
        return lambda: read_state(ctx.store, who, ctx.clock())
