"""The cart in hand: what each act makes of it, and what it was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from posapp.domain.catalogue import Product
from posapp.domain.discount import Discount
from posapp.domain.sale import Sale, SaleLine, SaleModifier
from posapp.domain.sale_check import MOST_PIECES
from posapp.domain.status import Kind

TABLE = "table"
_REMEMBERED = 50
EMPTY = Sale()


class Cart(QObject):
    """One sale on its way; `changed` follows each act. A line is known by its id."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sale = EMPTY
        self.at_table = False  # "Table" is chosen, its number may still be missing
        self._chosen = ""
        self._before: list[tuple[Sale, str, bool]] = []

    # ------------------------------------------------------------------------------------ what is in it

    @property
    def empty(self) -> bool:
        """Tell whether nobody would miss it."""
        return self.sale == EMPTY and not self.at_table

    @property
    def pieces(self) -> int:
        """Return how many pieces are in it."""
        return sum(line.quantity for line in self.sale.lines)

    @property
    def chosen(self) -> SaleLine | None:
        """Return the line that + and − change: the one chosen, else the last."""
        lines = self.sale.lines
        return self.line(self._chosen) or (lines[-1] if lines else None)

    @property
    def way(self) -> str:
        """Return "pickup", "delivery" or "table"."""
        return TABLE if self.at_table or self.sale.table else self.sale.kind

    def line(self, line_id: str) -> SaleLine | None:
        """Return a line, None when it is gone."""
        return next((line for line in self.sale.lines if line.id == line_id), None)

    # --------------------------------------------------------------------------------------------- acts

    def add(self, product: Product, modifiers: Sequence[SaleModifier], quantity: int, notes: str) -> None:
        """Put pieces of a product in; those that are in it just so become more."""
        new = SaleLine(
            product.title,
            product.price,
            quantity,
            product.internal_id,
            tuple(modifiers),
            notes,
            product.tax_percent,
        )
        for line in self.sale.lines:
            more = line.quantity + quantity
            if replace(new, quantity=line.quantity, id=line.id) == line and more <= MOST_PIECES:
                self.put_line(replace(line, quantity=more))
                return
        numbers = [int(line.id) for line in self.sale.lines if line.id.isdecimal()]
        new = replace(new, id=str(max(numbers, default=0) + 1))
        self._act(replace(self.sale, lines=(*self.sale.lines, new)), new.id)

    def put_line(self, line: SaleLine) -> None:
        """Write a line over the one with its id; none of it takes it out."""
        lines = self.sale.lines
        if line.quantity < 1:
            self.remove(line.id)
            return
        quantity = min(line.quantity, MOST_PIECES)
        kept = tuple(replace(line, quantity=quantity) if one.id == line.id else one for one in lines)
        self._act(replace(self.sale, lines=kept), line.id)

    def step(self, line: SaleLine, by: int) -> None:
        """Make a line more or less."""
        self.put_line(replace(line, quantity=line.quantity + by))

    def remove(self, line_id: str) -> None:
        """Take a line out; the one in its place is chosen then."""
        places = [line.id for line in self.sale.lines]
        if line_id not in places:
            return
        kept = tuple(line for line in self.sale.lines if line.id != line_id)
        place = min(places.index(line_id), len(kept) - 1)
        self._act(replace(self.sale, lines=kept), kept[place].id if kept else "")

    def choose(self, line_id: str) -> None:
        """Choose a line."""
        if line_id != self._chosen:
            self._chosen = line_id
            self.changed.emit()

    def set_way(self, way: str) -> None:
        """Make it a pickup, a delivery or one for a table."""
        if way == self.way:
            return
        delivery = way == Kind.DELIVERY
        kind = Kind.DELIVERY.value if delivery else Kind.PICKUP.value
        cost = self.sale.delivery_cost if delivery else EMPTY.delivery_cost
        sale = replace(self.sale, kind=kind, table="", delivery_cost=cost)
        self._act(sale, self._chosen, at_table=way == TABLE)

    def set_table(self, table: str) -> None:
        """Name the table."""
        if table != self.sale.table:
            self._act(replace(self.sale, table=table), self._chosen, at_table=self.at_table)

    def set_due(self, due_at: str) -> None:
        """Say for when it is, as ISO 8601 with offset; "" for as soon as possible."""
        self._act(replace(self.sale, due_at=due_at), self._chosen, at_table=self.at_table)

    def set_customer(self, sale: Sale) -> None:
        """Take over for whom it is, and what else belongs to that: comment, kind, cost of delivery."""
        known = replace(
            self.sale,
            buyer=sale.buyer,
            comment=sale.comment,
            kind=sale.kind,
            delivery_cost=sale.delivery_cost,
        )
        self._act(known, self._chosen, at_table=self.at_table)

    def set_discounts(self, discounts: Sequence[Discount]) -> None:
        """Replace the discounts of the whole."""
        self._act(replace(self.sale, discounts=tuple(discounts)), self._chosen, at_table=self.at_table)

    def clear(self) -> None:
        """Take everything out."""
        self._act(EMPTY, "", at_table=False)

    def put(self, sale: Sale) -> None:
        """Take another cart in hand; there is nothing to undo in it yet."""
        self._before.clear()
        self.sale, self.at_table = sale, bool(sale.table)
        self._chosen = sale.lines[-1].id if sale.lines else ""
        self.changed.emit()

    def undo(self) -> bool:
        """Take back the last act; tell whether there was one."""
        if not self._before:
            return False
        self.sale, self._chosen, self.at_table = self._before.pop()
        self.changed.emit()
        return True

    def _act(self, sale: Sale, chosen: str, *, at_table: bool | None = None) -> None:
        if sale == self.sale and at_table in (None, self.at_table):
            return
        self._before = [*self._before, (self.sale, self._chosen, self.at_table)][-_REMEMBERED:]
        self.sale, self._chosen = sale, chosen
        if at_table is not None:
            self.at_table = at_table
        self.changed.emit()
