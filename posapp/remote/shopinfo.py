"""Reading what a staff shop tells around its orders, when a person asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from posapp.domain.shopinfo import ShopInfo
from posapp.remote.api import FormatSettings, Transport
from posapp.remote.staff_info import (
    DELIVERY_COSTS,
    MOST_PAGES,
    PRODUCTS,
    TAXES,
    Listing,
    Part,
    districts_request,
    list_request,
    read_districts,
    read_part,
)

DISTRICTS = "districts"
Item = TypeVar("Item")
Told = Callable[[str, int], None]


def read_shop_info(
    transport: Transport, settings: FormatSettings, told: Told = lambda _name, _count: None
) -> ShopInfo:
    """Ask a staff shop for districts, delivery costs, products and taxes, one after the other.

    What cannot be read is left empty and told in `problems`; never raises for what the network does. `told`
    hears before each request what is read, and how many there are by then.
    """
    told(DISTRICTS, 0)
    districts = read_districts(transport.send(districts_request()))
    costs = _whole(DELIVERY_COSTS, transport, settings.base_url, told)
    products = _whole(PRODUCTS, transport, settings.base_url, told)
    taxes = _whole(TAXES, transport, settings.base_url, told)
    parts = (districts, costs, products, taxes)
    return ShopInfo(
        districts=districts.items,
        delivery_costs=costs.items,
        products=products.items,
        taxes=taxes.items,
        skipped=sum(part.skipped for part in parts),
        problems=tuple(part.problem for part in parts if part.problem),
    )


def _whole(listing: Listing[Item], transport: Transport, base_url: str, told: Told) -> Part[Item]:
    """Follow a list through its pages; what came before a page that fails is kept."""
    items: list[Item] = []
    skipped = 0
    request = list_request(listing)
    for _ in range(MOST_PAGES):
        told(listing.name, len(items))
        part = read_part(listing, transport.send(request), base_url)
        items += part.items
        skipped += part.skipped
        if part.next_request is None:
            return Part(tuple(items), skipped, part.problem)
        request = part.next_request
    problem = f"The {listing.name} have more than {MOST_PAGES} pages; the rest was not read."
    return Part(tuple(items), skipped, problem)
