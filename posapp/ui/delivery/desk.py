"""Which orders are selected, for whom, and where the hand is: what the Delivery screen acts on."""

from __future__ import annotations

from datetime import datetime, timedelta

from posapp.storage.dispatch import CourierRow, DispatchBoard, DispatchRow

_LONG_AGO = timedelta(days=365)


class Selection:
    """The ticked orders; it forgets what no longer waits."""

    def __init__(self) -> None:
        self.board = DispatchBoard((), (), (), ())
        self._chosen: set[int] = set()

    def put(self, board: DispatchBoard) -> None:
        """Take a new board."""
        self.board = board
        self._chosen &= {row.order.pk for row in self.choosable}

    @property
    def choosable(self) -> tuple[DispatchRow, ...]:
        """Return the orders that can be given to a courier."""
        if not self.board.couriers:
            return ()
        return tuple(row for row in self.board.waiting if row.order.kind != "pickup" and not row.stopped)

    @property
    def rows(self) -> list[DispatchRow]:
        """Return the selected orders."""
        return [row for row in self.choosable if row.order.pk in self._chosen]

    def has(self, pk: int) -> bool:
        """Tell whether an order is selected."""
        return pk in self._chosen

    def choose(self, pk: int, *, on: bool) -> None:
        """Select an order, or not."""
        (self._chosen.add if on else self._chosen.discard)(pk)

    def choose_all(self) -> None:
        """Select all, or none if all are selected already."""
        every = {row.order.pk for row in self.choosable}
        self._chosen = set() if every == self._chosen else every

    def clear(self) -> bool:
        """Select none; tell whether there was something."""
        had, self._chosen = bool(self._chosen), set()
        return had

    def waiting_row(self, pk: int) -> DispatchRow | None:
        """Return an order that waits."""
        return next((row for row in self.board.waiting if row.order.pk == pk), None)

    def road_row(self, pk: int) -> DispatchRow | None:
        """Return an order that is on the road, or was cancelled there."""
        rows = (*self.board.road, *self.board.cancelled)
        return next((row for row in rows if row.order.pk == pk), None)

    def courier(self, pk: int | None) -> CourierRow | None:
        """Return a courier."""
        return next((courier for courier in self.board.couriers if courier.pk == pk), None)

    def road_of(self, courier: int) -> list[DispatchRow]:
        """Return what a courier has on the road."""
        return [row for row in self.board.road if row.courier == courier]

    def first_choice(self, now: datetime) -> int | None:
        """Return whom Enter means: the longest free, else the soonest back, else the least loaded."""
        on_duty = [courier for courier in self.board.couriers if courier.on_duty]
        if not on_duty:
            return None

        def rank(courier: CourierRow) -> tuple[int, int, datetime]:
            count = len(self.road_of(courier.pk))
            free_at = max((at for at in (courier.back_at, courier.duty_at) if at), default=now - _LONG_AGO)
            return (2 if count else int(free_at > now), count, free_at)

        return min(on_duty, key=rank).pk
