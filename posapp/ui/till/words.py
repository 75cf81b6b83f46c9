"""What the cart says of its lines, its customer and its discounts, in the words of the counter."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from posapp.domain.discount import Discount, DiscountKind
from posapp.domain.sale import Buyer, Priced, Sale, SaleLine, SaleModifier
from posapp.ui.moneytext import money_text


def say(text: str) -> str:
    """Return a text of the counter in the person's language."""
    return QCoreApplication.translate("till", text)


def sum_text(amount: Decimal, currency: str) -> str:
    """Return an amount of money."""
    return money_text(f"{amount:f}", currency)


def plain_number(amount: Decimal) -> str:
    """Return a number without needless noughts: "10", "12.5"."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def discount_value(discount: Discount, currency: str) -> str:
    """Return how much is taken off: "10 %", "500 ₸"."""
    if discount.kind is DiscountKind.PERCENT:
        return f"{plain_number(discount.value)}\N{NO-BREAK SPACE}%"
    return sum_text(discount.value, currency)


def discount_text(discount: Discount, currency: str) -> str:
    """Return a discount with its name: "Regular guest · −10 %"."""
    return f"{discount.name} · −{discount_value(discount, currency)}"


def modifier_text(modifier: SaleModifier) -> str:
    """Return an option as the cart shows it."""
    return modifier.title if modifier.price < 0 else f"+ {modifier.title}"


def line_details(line: SaleLine, currency: str) -> str:
    """Return what a line says under its title."""
    parts = [modifier_text(modifier) for modifier in line.modifiers]
    if line.discount is not None:
        parts.append(discount_text(line.discount, currency))
    if line.notes:
        parts.append(f"“{' '.join(line.notes.split())}”")
    return " · ".join(parts)


def pieces_text(count: int) -> str:
    """Return how many items there are."""
    if not count:
        return say("empty")
    return say("1 item") if count == 1 else say("%1 items").replace("%1", str(count))


def address_text(buyer: Buyer) -> str:
    """Return where it goes, on one line."""
    if buyer.address.strip():
        return buyer.address.strip()
    street = " ".join(part for part in (buyer.street, buyer.home) if part)
    more = ((buyer.apt, say("apt %1")), (buyer.entrance, say("entrance %1")), (buyer.level, say("floor %1")))
    parts = [street, *(text.replace("%1", value) for value, text in more if value), buyer.city]
    return ", ".join(part for part in parts if part)


def usual_label(sale: Sale, clock: str) -> str:
    """Return what a cart is called when it is put aside and nobody says more."""
    if sale.buyer.name:
        return sale.buyer.name
    if sale.table:
        return say("Table %1").replace("%1", sale.table)
    if sale.buyer.phone:
        return sale.buyer.phone
    first = sale.lines[0].title if sale.lines else say("Cart")
    return f"{first} · {clock}"


def discounts_of(sale: Sale, priced: Priced) -> list[tuple[int, str, Decimal]]:
    """Return the discounts of the whole with what each takes off; those of one name share their sum."""
    amounts = {share.name: share.amount for share in priced.discounts}
    return [(place, one.name, amounts.get(one.name, Decimal(0))) for place, one in enumerate(sale.discounts)]
