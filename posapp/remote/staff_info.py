"""What the staff API tells around its orders: requests and decoding, without any I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Generic, TypeVar

from posapp.domain.fields import line_width
from posapp.domain.shopinfo import DeliveryCost, PriceClasses, ShopDistrict, ShopProduct, ShopTax
from posapp.remote.api import LIST_LIMIT, Answer, Outcome, Purpose, Request
from posapp.remote.classify import http_outcome
from posapp.remote.jsonguard import BadJson, decode_strict
from posapp.remote.pages import next_query, rows_of
from posapp.remote.staff_rows import received_amount
from posapp.remote.values import line_of, remote_id_of

MOST_PAGES = 200
_WIDTH = line_width("title")
_ADDRESS = line_width("product")
_CLASSES = ("price_class_a", "price_class_b", "price_class_c")
_MOST_DISTRICTS = 1_000

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Listing(Generic[Item]):
    """One of the shop's lists: where it is, what marks a single row of it, how a row reads."""

    name: str  # for sentences
    path: str
    marks: frozenset[str]
    read: Callable[[Mapping[str, object]], Item]


@dataclass(frozen=True, slots=True)
class Part(Generic[Item]):
    """What an answer held; `problem` is a sentence where it could not be read, or not on from here."""

    items: tuple[Item, ...] = ()
    skipped: int = 0
    problem: str = ""
    next_request: Request | None = None


def list_request(listing: Listing[Item]) -> Request:
    """Ask for a list, or its first page."""
    return Request("GET", listing.path, Purpose.INFO, limit=LIST_LIMIT)


def read_part(listing: Listing[Item], answer: Answer, base_url: str) -> Part[Item]:
    """Decode a list or a page of it; rows that make no sense are skipped and counted."""
    reply = http_outcome(answer, write=False)
    if isinstance(reply, Outcome):
        return Part(problem=f"The {listing.name} could not be read: {reply.detail}")
    try:
        rows, following = rows_of(reply.body, listing.marks)
    except BadJson as trouble:
        return Part(problem=f"The {listing.name} could not be read: {trouble}")
    found = [_row(listing, row) for row in rows]
    items = tuple(item for item in found if item is not None)
    part = Part(items, len(found) - len(items))
    if following is None:
        return part
    query = next_query(following, base_url, listing.path)
    if query is None:
        problem = f"The {listing.name} go on at an address that is not the shop's; it was not followed."
        return replace(part, problem=problem)
    return replace(part, next_request=replace(list_request(listing), path=f"{listing.path}?{query}"))


def _row(listing: Listing[Item], row: bytes) -> Item | None:
    try:
        content = decode_strict(row)
        return listing.read(content) if isinstance(content, dict) else None
    except ValueError:
        return None


def districts_request() -> Request:
    """Ask for the districts; everybody may."""
    return Request("GET", "apps/info/districts/", Purpose.INFO)


def read_districts(answer: Answer) -> Part[ShopDistrict]:
    """Decode the districts: all names, those delivered to, and what that costs."""
    reply = http_outcome(answer, write=False)
    if isinstance(reply, Outcome):
        return Part(problem=f"The districts could not be read: {reply.detail}")
    try:
        content = decode_strict(reply.body)
    except BadJson as trouble:
        return Part(problem=f"The districts could not be read: {trouble}")
    if not isinstance(content, dict) or not isinstance(content.get("all"), list):
        return Part(problem="The districts could not be read: there is no list of all.")
    skipped = 0
    costs: dict[str, PriceClasses] = {}
    for name, numbers in _details(content.get("detail")):
        try:
            costs[name] = _numbers(numbers)
        except ValueError:
            skipped += 1
    everything, deliverable = _names(content["all"]), set(_names(content.get("deliverable")))
    skipped += len(content["all"]) - len(everything)
    names = dict.fromkeys([*everything, *sorted(deliverable), *costs])
    return Part(tuple(ShopDistrict(name, name in deliverable, costs.get(name)) for name in names), skipped)


def _names(value: object) -> list[str]:
    found = [_text(name, _WIDTH) for name in value[:_MOST_DISTRICTS]] if isinstance(value, list) else []
    return [name for name in found if name]


def _details(value: object) -> Iterator[tuple[str, object]]:
    """Yield each district of the details with its numbers."""
    for detail in value[:_MOST_DISTRICTS] if isinstance(value, list) else []:
        if isinstance(detail, dict):
            for name, numbers in detail.items():
                yield line_of(name, _WIDTH), numbers


def _numbers(value: object) -> PriceClasses:
    """Return the last three of four numbers; the first names nothing that is known."""
    if not isinstance(value, list) or len(value) != 4:
        raise ValueError("there are no four numbers")
    return _amount(value[1]), _amount(value[2]), _amount(value[3])


def _amount(value: object) -> Decimal:
    return Decimal(received_amount(value, "amount"))


def _maybe(value: object) -> Decimal | None:
    return None if value is None else _amount(value)


def _text(value: object, limit: int = _WIDTH) -> str:
    return line_of(value, limit) if isinstance(value, str) else ""


def _needed(row: Mapping[str, object], name: str, limit: int = _WIDTH) -> str:
    text = _text(row.get(name), limit)
    if not text:
        raise ValueError(f"{name} is missing")
    return text


def _id(row: Mapping[str, object]) -> str:
    value = row.get("id")
    return remote_id_of(value if isinstance(value, str | int) and not isinstance(value, bool) else "")


def _read_cost(row: Mapping[str, object]) -> DeliveryCost:
    a, b, c = (_amount(row.get(name)) for name in _CLASSES)
    return DeliveryCost(_needed(row, "district_name"), (a, b, c), _text(row.get("price_unit"), 32))


def _read_product(row: Mapping[str, object]) -> ShopProduct:
    return ShopProduct(
        remote_id=_id(row),
        address=_needed(row, "url", _ADDRESS),
        name=_needed(row, "name"),
        price=_amount(row.get("price")),
        discount_percent=_maybe(row.get("discount_percent")) or Decimal("0"),
        final_cost=_maybe(row.get("final_cost")),
        price_unit=_text(row.get("price_unit"), line_width("price_unit")),
        description=_text(row.get("short_description"), line_width("description")),
        slug=_text(row.get("slug")),
        sku=_text(row.get("sku")),
        active=row.get("active") is not False,
        stock=_maybe(row.get("stock_amount")),
        stock_unit=_text(row.get("stock_unit"), 64),
        tax=_text(row.get("tax_type"), _ADDRESS),
        category=_text(row.get("primary_category"), _ADDRESS),
    )


def _read_tax(row: Mapping[str, object]) -> ShopTax:
    return ShopTax(_id(row), _needed(row, "url", _ADDRESS), _needed(row, "name"), _amount(row.get("percent")))


DELIVERY_COSTS = Listing(
    "delivery costs", "apps/delivery-cost/", frozenset({"district_name", "price_class_a"}), _read_cost
)
PRODUCTS = Listing("products", "apps/product/", frozenset({"id", "url", "price"}), _read_product)
TAXES = Listing("taxes", "apps/tax/", frozenset({"id", "url", "percent"}), _read_tax)
