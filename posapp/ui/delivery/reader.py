"""Reads what the Delivery screen shows, in the jobs' thread; many changes at once are one reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from posapp.storage.details import sync_summary
from posapp.storage.dispatch import DispatchBoard, dispatch_board
from posapp.storage.rows import SyncSummary
from posapp.ui.reading import OneReader


@dataclass(frozen=True, slots=True)
class DeliveryState:
    """One moment of the database: dispatch, and whether the shops are reached."""

    board: DispatchBoard
    summary: SyncSummary


class DeliveryReader(OneReader):
    """Answers with `arrived(DeliveryState)` or `failed(PosError)`."""

    def work(self) -> Callable[[], DeliveryState]:
        ctx, targets = self._ctx, self._ctx.config.targets
        return lambda: DeliveryState(dispatch_board(ctx.store, targets), sync_summary(ctx.store))
