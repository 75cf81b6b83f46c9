"""The lines of an order while they are edited: quantities, what was taken out, what was added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QCoreApplication

from posapp.domain.cart import cart_lines
from posapp.domain.discount import Discount, DiscountKind
from posapp.domain.line_price import after_discount, line_sum, price_of_one
from posapp.domain.money import total_of
from posapp.domain.sale import Sale, SaleModifier
from posapp.services.line_edits import MOST, LineEdit
from posapp.storage.rows import LineRow

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class LineWords:
    """What is asked of a line beside its quantity: options, a note, a discount."""

    options: tuple[SaleModifier, ...] = ()
    notes: str = ""
    discount: Discount | None = None


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line: the row that it came from, if any, and what it shall be."""

    key: int
    row: LineRow  # of a new line, what was entered
    quantity: int
    place: int | None = None  # among the lines as they were; None: it is new
    removed: bool = False
    product: str = ""  # of a new line: its address at a staff shop
    was: LineWords = LineWords()
    words: LineWords = LineWords()

    @property
    def changed(self) -> bool:
        """Tell whether saving would change this line."""
        counted = self.removed or self.place is None or self.quantity != self.row.quantity
        return counted or self.words != self.was

    @property
    def total(self) -> Decimal:
        """Return what it costs at a shop: as received while neither quantity nor discount is another."""
        row = self.row
        if self.removed:
            return Decimal(0)
        one = price_of_one(row.total, row.quantity, row.unit_price)
        if self.words.discount != self.was.discount:
            full = line_sum(one, 1) if row.unit_cost is None else row.unit_cost
            return after_discount(full, self.words.discount) * self.quantity
        return row.total if self.quantity == row.quantity else line_sum(one, self.quantity)


class LinesDraft:
    """All lines, with their canonical text (`cart`), which knows the addresses of a staff shop's products.

    `theirs` holds what somebody else made of them while they were edited here.
    """

    def __init__(self, lines: Sequence[LineRow], cart: str = "[]", sale: Sale | None = None) -> None:
        self._sale = self._sale_theirs = sale
        self.base: tuple[LineRow, ...] = ()
        self.theirs: tuple[LineRow, ...] | None = None
        self._cart = self._cart_theirs = cart
        self._next = 0
        self._removals: list[int] = []
        self.lines: tuple[DraftLine, ...] = ()
        self._take(lines)

    def _take(self, lines: Sequence[LineRow]) -> None:
        self.base, self.theirs, self._cart = tuple(lines), None, self._cart_theirs
        self._sale = self._sale_theirs
        self._removals.clear()
        self.lines = tuple(self._line(place, row) for place, row in enumerate(self.base))

    def _line(self, place: int, row: LineRow) -> DraftLine:
        words = _words_of(row, self._sale, place)
        return DraftLine(self._key(), row, row.quantity, place, was=words, words=words)

    def _key(self) -> int:
        self._next += 1
        return self._next

    @property
    def kept(self) -> tuple[DraftLine, ...]:
        """Return the lines that the order will have."""
        return tuple(line for line in self.lines if not line.removed)

    @property
    def changed(self) -> bool:
        """Tell whether saving would change the lines."""
        return any(line.changed for line in self.lines)

    @property
    def items_before(self) -> Decimal:
        """Return the sum of the lines as they were."""
        return total_of(row.total for row in self.base)

    @property
    def items_now(self) -> Decimal:
        """Return the sum of the lines as they are to be."""
        return total_of(line.total for line in self.lines)

    def line(self, key: int) -> DraftLine:
        """Return a line by its key."""
        return next(line for line in self.lines if line.key == key)

    def set_quantity(self, key: int, quantity: int) -> None:
        """Give a line another quantity, 1 to 9,999."""
        self._put(replace(self.line(key), quantity=min(MOST, max(1, quantity))))

    def set_words(self, key: int, words: LineWords) -> None:
        """Give a line other options, another note, another discount."""
        self._put(replace(self.line(key), words=words))

    def remove(self, key: int) -> None:
        """Take a line out; one that was there stays in sight, so that it can be put back."""
        line = self.line(key)
        if line.place is None:
            self.lines = tuple(other for other in self.lines if other.key != key)
        elif not line.removed:
            self._put(replace(line, removed=True))
            self._removals.append(key)

    def put_back(self, key: int) -> None:
        """Put a line that was taken out back."""
        self._put(replace(self.line(key), removed=False))
        self._removals = [other for other in self._removals if other != key]

    def undo(self) -> int | None:
        """Put the line that was taken out last back; return its key, None when there is none."""
        if not self._removals:
            return None
        key = self._removals[-1]
        self.put_back(key)
        return key

    def add(
        self, title: str, price: Decimal, quantity: int, *, internal_id: str = "", product: str = ""
    ) -> int:
        """Add a line and return its key."""
        row = LineRow(
            title=title,
            quantity=quantity,
            unit_price=price,
            total=price * quantity,
            additions=(),
            promo_title="",
            promo_code="",
            paid_in_bonuses=False,
            notes="",
            internal_id=internal_id,
        )
        line = DraftLine(self._key(), row, quantity, product=product)
        self.lines = (*self.lines, line)
        return line.key

    def refresh(self, lines: Sequence[LineRow], cart: str, sale: Sale | None = None) -> bool:
        """Take in what the lines have become; tell whether that changed them here."""
        self._cart_theirs, self._sale_theirs = cart, sale
        if tuple(lines) == self.base:
            self.theirs = None
            return False
        if self.changed:
            self.theirs = tuple(lines)
            return False
        self._take(lines)
        return True

    def choose(self, choice: str) -> None:
        """Settle what to do about others' lines: "theirs" come in, "mine" will replace them."""
        if self.theirs is None:
            return
        if choice == "theirs":
            self._take(self.theirs)
            return
        products = [line.product for line in cart_lines(self._cart)]
        left = list(enumerate(self.theirs))
        rebased = []
        for line in self.kept:
            found = next((pair for pair in left if _same(pair[1], line.row)), None)
            if found is not None:
                left.remove(found)
                rebased.append(replace(line, place=found[0], row=found[1]))
            else:
                known = products[line.place] if line.place is not None else line.product
                rebased.append(replace(line, place=None, product=known))
        self._sale = self._sale_theirs
        gone = [replace(self._line(place, row), removed=True) for place, row in left]
        self.base, self.theirs, self._cart = self.theirs, None, self._cart_theirs
        self._removals = [line.key for line in gone]
        self.lines = (*rebased, *gone)

    def revert(self) -> None:
        """Make the lines what they were."""
        self._take(self.base if self.theirs is None else self.theirs)

    def edits(self) -> tuple[LineEdit, ...]:
        """Return the lines as saving takes them."""
        return tuple(_edit(line) for line in self.kept)

    def words(self) -> tuple[str, ...]:
        """Return what is changed about the lines, in a few words each."""
        said = []
        for line in self.lines:
            if not line.changed:
                continue
            form = translate("editor", "%1 quantity")
            if line.words != line.was:
                form = translate("editor", "%1 options")
            if line.removed:
                form = translate("editor", "%1 removed")
            elif line.place is None:
                form = translate("editor", "%1 added")
            said.append(form.replace("%1", _short(line.row.title or line.row.internal_id)))
        return tuple(said)

    def _put(self, line: DraftLine) -> None:
        self.lines = tuple(line if other.key == line.key else other for other in self.lines)


def _same(there: LineRow, here: LineRow) -> bool:
    return replace(there, quantity=here.quantity, total=here.total) == here


def _words_of(row: LineRow, sale: Sale | None, place: int) -> LineWords:
    """Return what was asked of a line; in our own orders the till knows the prices of its options."""
    if sale is not None and place < len(sale.lines):
        line = sale.lines[place]
        return LineWords(line.modifiers, line.notes, line.discount)
    discount = None
    if row.discount_percent:
        discount = Discount(DiscountKind.PERCENT, row.discount_percent, row.promo_title)
    return LineWords(tuple(SaleModifier(title) for title in row.additions), row.notes, discount)


def _edit(line: DraftLine) -> LineEdit:
    words, was = line.words, line.was
    said: dict[str, Any] = {
        name: getattr(words, field)
        for name, field in (("additions", "options"), ("notes", "notes"), ("discount", "discount"))
        if getattr(words, field) != getattr(was, field)
    }
    if line.place is not None:
        return LineEdit(line.quantity, line.place, **said)
    row = line.row
    return LineEdit(
        line.quantity,
        title=row.title,
        unit_price=row.unit_price,
        internal_id=row.internal_id,
        product=line.product,
        **said,
    )


def _short(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:23]}…"
