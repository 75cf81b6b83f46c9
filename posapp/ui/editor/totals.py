"""What an order comes to while it is edited: as received, and what the changes make of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from posapp.domain.money import change_to_bring
from posapp.domain.sale import Priced, Sale, price_sale
from posapp.services.edit_form import EditForm
from posapp.services.line_edits import edited_sale
from posapp.ui.detail.moneyfacts import Pair, sum_text
from posapp.ui.editor.linesdraft import LinesDraft
from posapp.ui.moneytext import amount_of

translate = QCoreApplication.translate
_MINUS = "−\u202f"


@dataclass(frozen=True, slots=True)
class Totals:
    """The foot of the lines: pairs, the total, what it was before the changes, and a mark."""

    pairs: tuple[Pair, ...]
    total: Decimal
    was: Decimal
    mark: str = ""
    warns: bool = False  # the mark is about sums that did not add up before

    @property
    def differs(self) -> bool:
        """Tell whether the changes make another total."""
        return self.total != self.was


@dataclass(frozen=True, slots=True)
class Bringing:
    """What the courier brings back to the customer: the sum in words, and in which tone."""

    text: str
    tone: str
    note: str = ""


def totals(form: EditForm, lines: LinesDraft, delivery: str, sale: Sale | None) -> Totals:
    """Return the totals; `delivery` is the shipping cost as edited, `sale` the cart of our own order."""
    if sale is not None:
        return _own(form, lines, sale)
    money = form.currency
    items = lines.items_now
    received = lines.items_before if form.items_received is None else form.items_received
    off = form.products_total - received
    cost = amount_of(delivery) if delivery else None
    cost = form.delivery_cost if cost is None else cost
    promos = list(dict.fromkeys(row.promo_title for row in lines.base if row.promo_title))
    pairs = [Pair(translate("editor", "Items"), sum_text(items, money))]
    if off < 0:
        name = ", ".join(promos)
        words = translate("editor", "Discount · %1") if name else translate("editor", "Discount")
        pairs.append(Pair(words.replace("%1", name), _MINUS + sum_text(-off, money), tone="ok_text"))
    elif off > 0:
        pairs.append(Pair(translate("editor", "More, as received"), sum_text(off, money)))
    if cost or form.kind != "pickup":
        word = sum_text(cost, money) if cost else translate("editor", "Free")
        pairs.append(Pair(translate("editor", "Delivery"), word))
    total = form.total + (items - received) + (cost - form.delivery_cost)
    expected = form.products_total + form.delivery_cost
    mark = ""
    if form.total != expected:
        words = translate("editor", "Does not add up as received: items and delivery came to %1.")
        mark = words.replace("%1", sum_text(expected, money))
    elif total != form.total:
        mark = translate("editor", "Counted here. The shop decides about its total.")
    return Totals(tuple(pairs), total, form.total, mark, warns=form.total != expected)


def _own(form: EditForm, lines: LinesDraft, sale: Sale) -> Totals:
    priced = price_sale(edited_sale(sale, lines.edits()), form.currency)
    money = form.currency
    pairs = [Pair(translate("editor", "Items"), sum_text(priced.gross, money))]
    for share in priced.discounts:
        name = translate("editor", "Discount · %1").replace("%1", share.name)
        pairs.append(Pair(name, _MINUS + sum_text(share.amount, money), tone="ok_text"))
    if priced.delivery or form.kind != "pickup":
        word = sum_text(priced.delivery, money) if priced.delivery else translate("editor", "Free")
        pairs.append(Pair(translate("editor", "Delivery"), word))
    return Totals(tuple(pairs), priced.total, form.total)


def line_totals(lines: LinesDraft, sale: Sale | None, currency: str) -> dict[int, Decimal]:
    """Return what each line that is kept costs, by its key."""
    if sale is None:
        return {line.key: line.total for line in lines.kept}
    priced: Priced = price_sale(edited_sale(sale, lines.edits()), currency)
    return {line.key: found.gross for line, found in zip(lines.kept, priced.lines, strict=True)}


def bringing(total: Decimal, given: str, currency: str, *, cash: bool) -> Bringing:
    """Return what the courier has to bring, for what the customer said to give (a canonical amount)."""
    if not cash:
        return Bringing(translate("editor", "None"), "text2")
    change = change_to_bring(total, given) if given else None
    if change is None:
        return Bringing(translate("editor", "Ask"), "warn_text")
    if change < 0:
        note = translate("editor", "%1 less than the total — ask the customer.")
        short = sum_text(-change, currency)
        return Bringing(_MINUS + short, "danger_text", note.replace("%1", short))
    if change == 0:
        return Bringing(translate("editor", "None, exact"), "ok_text")
    return Bringing(sum_text(change, currency), "ok_text")
