"""The lines of a remote cart in canonical text: what the sync engine compares and the remote is sent.

A shop writes the host of an address as it was asked, fills in what a line does not say and sorts as it
likes. So texts are compared by `same_cart`: what is sent keeps the addresses as the shop told them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from urllib.parse import urlsplit

from posapp.domain.received import RemoteLine

_NOTHING = Decimal(0)


def cart_text(lines: Sequence[RemoteLine]) -> str:
    """Return lines as a JSON array in the API's own words; prices are the remote's business."""
    content = [
        {
            "product": line.product,
            "p_name": line.title,
            "p_short_description": line.description,
            "p_price_unit": line.price_unit,
            "p_delivery_class": line.delivery_class,
            "quantity": line.quantity,
        }
        for line in lines
    ]
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def cart_lines(text: str) -> tuple[RemoteLine, ...]:
    """Return the lines of a canonical text, without prices."""
    return tuple(
        RemoteLine(
            title=line["p_name"],
            quantity=line["quantity"],
            unit_price=_NOTHING,
            total=_NOTHING,
            product=line["product"],
            description=line["p_short_description"],
            price_unit=line["p_price_unit"],
            delivery_class=line["p_delivery_class"],
        )
        for line in json.loads(text)
    )


def same_cart(one: str, other: str) -> bool:
    """Tell whether two canonical texts are the same lines, in any order: which product, and how many of it.

    A product is named by the path of its address, by its name where one of the lines has no address.
    """
    if one == other:
        return True
    left = list(cart_lines(other))
    for line in cart_lines(one):
        found = next((theirs for theirs in left if _same_line(line, theirs)), None)
        if found is None:
            return False
        left.remove(found)
    return not left


def known_cart(text: str, known: Iterable[str]) -> str:
    """Return the first known text of the same cart, the text itself if none is."""
    return next((other for other in known if same_cart(text, other)), text)


def _same_line(one: RemoteLine, other: RemoteLine) -> bool:
    if one.quantity != other.quantity:
        return False
    if one.product and other.product:
        return _place(one.product) == _place(other.product)
    return one.title == other.title


def _place(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return address, ""
    return parts.path.rstrip("/"), parts.query
