"""A counter order as a program hands it over: JSON made into a cart and its payments, errors by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from posapp.domain.catalogue import Product, check_choices
from posapp.domain.discount import Discount, DiscountKind
from posapp.domain.errors import RefusedError
from posapp.domain.payment import Tender
from posapp.domain.product_values import read_number
from posapp.domain.promo import Promo
from posapp.domain.sale import Buyer, Sale, SaleLine, SaleModifier
from posapp.domain.sale_check import in_words, sale_problems
from posapp.domain.sale_rules import SaleRules
from posapp.domain.status import Kind, PaymentMethod, PaymentStatus
from posapp.storage.catalogue import products_by_id
from posapp.storage.promos import promos
from posapp.storage.reader import Reader

_BUYER = ("phone", "address", "street", "home", "apt", "entrance", "level", "city")
_TEXTS = (*_BUYER, "customer_name", "name", "table", "comment", "due_at", "kind")
_OTHERS = ("lines", "discounts", "payments", "delivery_cost", "currency", "payment_method", "payment_status")
# What an order gets by itself: printed by other commands, passed over here.
_OWN = frozenset(
    {
        "id", "code", "remote", "remote_id", "status", "source", "brand", "total", "created_at", "version",
        "sync",
    }
)  # fmt: skip
_LINE_KEYS = frozenset(
    {
        "internal_id", "title", "quantity", "unit_price", "total", "additions", "modifiers", "notes",
        "tax_percent", "discount",
    }
)  # fmt: skip
_PAYMENT_KEYS = frozenset({"method", "amount", "tendered", "reference", "person", "tip"})
Json = Mapping[str, Any]
Problems = dict[str, str]
Promos = Mapping[str, Promo]  # by their names, without differences of case


@dataclass(frozen=True, slots=True)
class SaleInput:
    """What was read."""

    sale: Sale
    tenders: tuple[Tender, ...]


def read_sale(content: object, reader: Reader, rules: SaleRules, now: datetime) -> SaleInput:
    """Read a counter order; docs/programs.md has its shape. Raises RefusedError naming the fields."""
    problems: Problems = {}
    top = _flat(content, problems)
    texts = {name: _text(top, name, problems) for name in _TEXTS}
    buyer = Buyer(texts["customer_name"] or texts["name"], **{name: texts[name] for name in _BUYER})
    named = {one.name.casefold(): one for one in promos(reader)}
    goes_out = bool(buyer.address or buyer.street)
    sale = Sale(
        lines=_lines(top.get("lines"), reader, now, problems, named),
        kind=texts["kind"] or (Kind.DELIVERY if goes_out else Kind.PICKUP).value,
        table=texts["table"],
        buyer=buyer,
        comment=texts["comment"],
        discounts=_discounts(top.get("discounts"), problems, named),
        delivery_cost=_number(top, "delivery_cost", problems) or Decimal("0"),
        due_at=texts["due_at"],
        payment_method=_method(top.get("payment_method") or "", "payment_method", problems),
    )
    tenders = _tenders(top, problems)
    currency = top.get("currency") or rules.currency
    if currency != rules.currency:
        problems["currency"] = f"This station sells in {rules.currency}."
    # What could not be read says more than what then does not fit.
    found = sale_problems(sale, rules.currency, now) | problems
    if found:
        raise RefusedError("This order cannot be added.", in_words(found), fields=found)
    return SaleInput(sale, tenders)


def _flat(content: object, problems: Problems) -> dict[str, Any]:
    """Return the members of the order; {"order": …, "lines": …} is one, too."""
    if not isinstance(content, dict):
        raise RefusedError("This is not an order.", "An object is needed.", fields={"lines": "Missing."})
    top: dict[str, Any] = dict(content)
    if isinstance(top.get("order"), dict):
        # As `orders show` prints it; what else it prints is history.
        inner = top.pop("order")
        top = {
            **inner,
            **{name: value for name, value in top.items() if name not in {"events", "queue", "raw"}},
        }
    for name in top.keys() - set(_TEXTS) - set(_OTHERS) - _OWN:
        problems[str(name)[:60]] = "There is no such field."
    return top


def _text(values: Json, name: str, problems: Problems, place: str = "") -> str:
    value = values.get(name)
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        problems[place or name] = "Has to be a text."
        return ""
    return value


def _number(values: Json, name: str, problems: Problems, place: str = "") -> Decimal | None:
    value = values.get(name)
    if value is None or value == "":
        return None
    try:
        return read_number(value)
    except ValueError as error:
        problems[place or name] = str(error)
        return None


def _items(value: object, name: str, problems: Problems) -> list[tuple[str, Json]]:
    """Return the objects of a list with the names of their places."""
    if value is None:
        return []
    if not isinstance(value, list):
        problems[name] = "Has to be a list."
        return []
    found: list[tuple[str, Json]] = []
    for index, item in enumerate(value):
        place = f"{name}[{index}]"
        if isinstance(item, dict):
            found.append((place, item))
        else:
            problems[place] = "Has to be an object."
    return found


def _check_keys(item: Json, place: str, known: frozenset[str], problems: Problems) -> None:
    for name in item.keys() - known:
        problems[f"{place}.{str(name)[:60]}"] = "There is no such field."


def _lines(
    value: object, reader: Reader, now: datetime, problems: Problems, named: Promos
) -> tuple[SaleLine, ...]:
    items = _items(value, "lines", problems)
    known = products_by_id(reader, [str(item.get("internal_id") or "") for _, item in items])
    return tuple(_line(item, place, known, now, problems, named) for place, item in items)


def _line(
    item: Json, place: str, known: Mapping[str, Product], now: datetime, problems: Problems, named: Promos
) -> SaleLine:
    _check_keys(item, place, _LINE_KEYS, problems)
    internal_id = _text(item, "internal_id", problems, f"{place}.internal_id")
    product = known.get(internal_id)
    price = _number(item, "unit_price", problems, f"{place}.unit_price")
    tax = _number(item, "tax_percent", problems, f"{place}.tax_percent")
    title = _text(item, "title", problems, f"{place}.title")
    # A price that is given contains what the options add.
    options = product if price is None else None
    modifiers = _modifiers(item, place, options, problems)
    if product is not None:
        problems.update(_product_problems(product, place, now, modifiers, chosen=price is None))
        title = title or product.title
        price = product.price if price is None else price
        tax = product.tax_percent if tax is None else tax
    elif price is None and f"{place}.unit_price" not in problems:
        title = title or internal_id
        wrong = (
            ("internal_id", "There is no such product.") if internal_id else ("unit_price", "Give a price.")
        )
        problems[f"{place}.{wrong[0]}"] = wrong[1]
    quantity = _number(item, "quantity", problems, f"{place}.quantity")
    if quantity is not None and quantity != int(quantity):
        problems[f"{place}.quantity"] = "Has to be a whole number."
    discounts = [item["discount"]] if item.get("discount") else None
    found = _discounts(discounts, problems, named, f"{place}.discount")
    return SaleLine(
        title=title,
        unit_price=price or Decimal("0"),
        quantity=1 if quantity is None else int(quantity),
        internal_id=internal_id,
        modifiers=modifiers,
        notes=_text(item, "notes", problems, f"{place}.notes"),
        tax_percent=tax or Decimal("0"),
        discount=found[0] if found else None,
    )


def _product_problems(
    product: Product, place: str, now: datetime, modifiers: tuple[SaleModifier, ...], *, chosen: bool
) -> Problems:
    if product.deleted:
        return {f"{place}.internal_id": "This product is not sold any more."}
    if product.sold_out(now):
        return {f"{place}.internal_id": "This product is sold out."}
    choices = check_choices(product, [modifier.title for modifier in modifiers]) if chosen else {}
    if choices:
        text = " ".join(f"{title}: {sentence}" for title, sentence in choices.items())
        return {f"{place}.additions": text}
    return {}


def _modifiers(
    item: Json, place: str, product: Product | None, problems: Problems
) -> tuple[SaleModifier, ...]:
    """Return the options; those of a product that are named by their titles have its prices."""
    name = "modifiers" if "modifiers" in item else "additions"
    value = item.get(name) or []
    if not isinstance(value, list):
        problems[f"{place}.{name}"] = "Has to be a list."
        return ()
    known = {
        option.title: option for group in (product.modifiers if product else ()) for option in group.options
    }
    found: list[SaleModifier] = []
    for entry in value:
        if isinstance(entry, str):
            entry = {"title": entry}  # noqa: PLW2901 - the short form of the same
        if not isinstance(entry, dict):
            problems[f"{place}.{name}"] = "Each is a text, or an object with a title."
            continue
        title = _text(entry, "title", problems, f"{place}.{name}")
        price = _number(entry, "price", problems, f"{place}.{name}")
        option = known.get(title)
        if product is not None and product.modifiers and option is None:
            problems[f"{place}.{name}"] = f"“{title[:60]}” is no option of this product."
        if price is None:
            price = option.price if option else Decimal("0")
        given = _text(entry, "internal_id", problems, f"{place}.{name}")
        found.append(SaleModifier(title, price, given or (option.internal_id if option else "")))
    return tuple(found)


def _discounts(
    value: object, problems: Problems, named: Promos, name: str = "discounts"
) -> tuple[Discount, ...]:
    found: list[Discount] = []
    for place, item in _items(value, name, problems):
        _check_keys(item, place, frozenset({"percent", "amount", "reason", "promo", "promo_id"}), problems)
        percent, amount = _number(item, "percent", problems, place), _number(item, "amount", problems, place)
        listed = named.get(_text(item, "promo", problems, place).strip().casefold())
        if percent is None and amount is None and listed is not None:
            found.append(listed.discount)
            continue
        if (percent is None) == (amount is None):
            problems.setdefault(place, "Give percent or amount.")
            continue
        kind = DiscountKind.AMOUNT if percent is None else DiscountKind.PERCENT
        texts = (_text(item, key, problems, place) for key in ("reason", "promo", "promo_id"))
        found.append(Discount(kind, percent if percent is not None else amount or Decimal("0"), *texts))
    return tuple(found)


def _tenders(top: Json, problems: Problems) -> tuple[Tender, ...]:
    found: list[Tender] = []
    for place, item in _items(top.get("payments"), "payments", problems):
        _check_keys(item, place, _PAYMENT_KEYS, problems)
        method = _method(item.get("method"), f"{place}.method", problems)
        amounts = {
            name: _number(item, name, problems, f"{place}.{name}") for name in ("amount", "tendered", "tip")
        }
        found.append(
            Tender(
                PaymentMethod(method or PaymentMethod.CASH),
                amounts["amount"],
                amounts["tendered"],
                _text(item, "reference", problems, f"{place}.reference"),
                _text(item, "person", problems, f"{place}.person"),
                amounts["tip"] or Decimal("0"),
            )
        )
    status = top.get("payment_status") or ""
    if status == PaymentStatus.PAID and not found:
        method = _method(top.get("payment_method") or "", "payment_method", problems)
        return (Tender(PaymentMethod(method or PaymentMethod.CASH)),)
    if status not in {"", PaymentStatus.PAID, PaymentStatus.UNPAID, PaymentStatus.PARTLY_PAID}:
        problems["payment_status"] = "Use paid or unpaid, or say how it was paid in payments."
    return tuple(found)


def _method(value: object, place: str, problems: Problems) -> str:
    if value == "":
        return ""
    if value in set(PaymentMethod):
        return str(value)
    problems[place] = "Use cash or card."
    return ""
