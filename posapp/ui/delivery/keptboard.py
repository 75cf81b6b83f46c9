"""The board of the dispatch as it is by what is kept here while the database is away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import QObject

from posapp.domain.kept import Kept
from posapp.domain.status import Status
from posapp.storage.dispatch import DispatchBoard
from posapp.storage.rows import OrderRow
from posapp.ui.away.rows import row_with
from posapp.ui.context import Context
from posapp.ui.delivery.reader import DeliveryState


class KeptBoard(QObject):
    """Puts the board that was read last on the screen again, with what is kept of its orders."""

    def __init__(self, ctx: Context, put: Callable[[DeliveryState], None], parent: QObject) -> None:
        super().__init__(parent)
        self._ctx, self._put = ctx, put
        self._read: DeliveryState | None = None
        self._rows: dict[int, OrderRow] = {}
        ctx.away.touched.connect(self._look)

    def read(self, state: DeliveryState) -> None:
        """Take note of what the database has."""
        self._read, self._rows = state, {}

    def _look(self, pk: int) -> None:
        away = self._ctx.away
        self._ctx.tasks.run(lambda: away.entries_of(pk), lambda kept: self._show(pk, kept), owner=self)

    def _show(self, pk: int, kept: tuple[Kept, ...]) -> None:
        row = order_on(self._read.board, pk) if self._read is not None else None
        if self._read is None or row is None:
            return
        self._rows[pk] = row_with(row, kept, self._ctx.config.targets)
        self._put(replace(self._read, board=board_with(self._read.board, self._rows)))


def order_on(board: DispatchBoard, pk: int) -> OrderRow | None:
    """Return an order that waits or is on the road."""
    return next((row.order for row in (*board.waiting, *board.road) if row.order.pk == pk), None)


def board_with(board: DispatchBoard, kept: Mapping[int, OrderRow]) -> DispatchBoard:
    """Return the board with these orders as they are by what is kept; what is finished leaves it."""
    every = [replace(row, order=kept.get(row.order.pk, row.order)) for row in (*board.waiting, *board.road)]
    waiting = tuple(row for row in every if row.order.status == Status.COOKING)
    road = tuple(row for row in every if row.order.status == Status.ONDELIVERY)
    return replace(board, waiting=waiting, road=road)
