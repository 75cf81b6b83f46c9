"""The lines of a remote cart in canonical text: what the sync engine compares and the remote is sent.

A shop writes the host of an address as it was asked, fills in what a line does not say and sorts as it
likes. So texts are compared by `same_cart`: what is sent keeps the addresses as the shop told them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from posapp.domain.money import plain_amount
from posapp.domain.received import RemoteLine

_NOTHING = Decimal(0)


def cart_text(lines: Sequence[RemoteLine], *, whole: bool = False) -> str:
    """Return lines as a JSON array in the API's own words; prices are the remote's business.

    `whole`: with options, notes and discounts, which only a remote that is never sent a cart is compared by.
    """
    content = [
        {
            "product": line.product,
            "p_name": line.title,
            "p_short_description": line.description,
            "p_price_unit": line.price_unit,
            "p_delivery_class": line.delivery_class,
            "quantity": line.quantity,
            **(_more(line) if whole else {}),
        }
        for line in lines
    ]
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _more(line: RemoteLine) -> dict[str, object]:
    discount = line.discount_percent or _NOTHING
    return {
        "additions": [title for _, title in line.additions],
        "notes": line.notes,
        "discount": plain_amount(discount) if discount else "",
    }


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
    left: list[dict[str, Any]] = json.loads(other)
    for line in json.loads(one):
        found = next((theirs for theirs in left if _same_line(line, theirs)), None)
        if found is None:
            return False
        left.remove(found)
    return not left


def known_cart(text: str, known: Iterable[str]) -> str:
    """Return the first known text of the same cart, the text itself if none is."""
    return next((other for other in known if same_cart(text, other)), text)


def same_product(product: str, title: str, other_product: str, other_title: str) -> bool:
    """Tell whether two lines are of one product, by address where both have one, else by name."""
    if product and other_product:
        return _place(product) == _place(other_product)
    return title == other_title


def _same_line(one: dict[str, Any], other: dict[str, Any]) -> bool:
    # An older text does not tell everything.
    told = [name for name in ("quantity", "additions", "notes", "discount") if name in one and name in other]
    if any(one[name] != other[name] for name in told):
        return False
    return same_product(one["product"], one["p_name"], other["product"], other["p_name"])


def _place(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return address, ""
    return parts.path.rstrip("/"), parts.query
