"""Carts in the model's own words: `electronic-bike*5 + tea(mint)*1`, the lines in the order of their names.

Options stand in brackets where they belong to the cart: at a shop that takes no carts (the internal API). A
staff shop knows none.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any

CART = "cart"
START = {"internal": "Маргарита*2", "staff": "electronic-bike*5"}
DISHES = ("electronic-bike", "momo", "tea", "Маргарита", "samosa")
NO_DISH = "no-such-dish"  # what a shop refuses
OPTIONS = ("mint", "no salt")
MOST = 9
LINES = "SELECT title, quantity, product, additions FROM order_lines WHERE order_pk = ? ORDER BY position"
_ADDRESS = "https://shop.example/apps/product/{}/"


def joined(lines: list[str]) -> str:
    """Return lines as a text that is the same for the same lines."""
    return " + ".join(sorted(lines))


def split(text: str) -> list[tuple[str, int]]:
    """Return (dish with its options, quantity) of each line."""
    found = (line.rpartition("*") for line in text.split(" + "))
    return [(dish, int(quantity)) for dish, _, quantity in found]


def address(dish: str) -> str:
    """Return a dish's address at the staff shop."""
    return _ADDRESS.format(dish)


def here_text(form: str, rows: list[tuple[str, int, str, str]]) -> str:
    """Return the lines that are stored here."""
    return joined(
        [f"{_dish(form, title, product, _titles(added))}*{count}" for title, count, product, added in rows]
    )


def options_here(rows: list[tuple[str, int, str, str]]) -> dict[str, str]:
    """Return the options of each dish here, which a staff shop is not told."""
    return {title: ",".join(_titles(added)) for title, _, _, added in rows}


def canonical_text(form: str, text: str) -> str:
    """Return the lines of the text that posapp compares carts by."""
    return joined(
        [
            f"{_dish(form, line['p_name'], line['product'], line.get('additions', []))}*{line['quantity']}"
            for line in json.loads(text)
        ]
    )


def sent_text(content: dict[str, Any]) -> str:
    """Return the lines of a request to the staff shop."""
    return joined(
        [f"{_slug(line['product'], line['p_name'])}*{line['quantity']}" for line in content["products"]]
    )


def staff_lines(text: str) -> list[dict[str, Any]]:
    """Return a cart as the staff shop shows it."""
    return [
        {
            "id": number,
            "product_id": number,
            "product": address(dish),
            "p_name": dish,
            "p_price_unit": "Nrs.",
            "unit_cost": 770.0,
            "discount_percent": 10.0,
            "unit_final_cost": 693.0,
            "quantity": quantity,
            "total_cost": 693.0 * quantity,
            "total_saved": 77.0 * quantity,
        }
        for number, (dish, quantity) in enumerate(split(text), start=23)
    ]


def internal_lines(text: str) -> list[dict[str, Any]]:
    """Return a cart as the internal API shows it."""
    price = {"base_for_one": "1300.00", "base_total": "2600.00"}
    found = []
    for line, quantity in split(text):
        dish, _, options = line.rstrip(")").partition("(")
        added = [{"internal_id": title, "title": title} for title in options.split(",") if title]
        more = {"additions": added} if added else {}
        found.append({"internal_id": dish, "title": dish, "quantity": quantity, "price": price, **more})
    return found


def others_text(text: str, chance: Random) -> str:
    """Return a cart as somebody at the shop leaves it."""
    lines = dict(split(text))
    dish = chance.choice(DISHES)
    if dish in lines and len(lines) > 1 and chance.random() < 0.4:
        del lines[dish]
    else:
        lines[dish] = 1 + chance.randrange(MOST)
    return joined([f"{name}*{quantity}" for name, quantity in lines.items()])


def is_doubled(text: str) -> bool:
    """Tell whether a dish is there in two lines."""
    dishes = [line.partition("(")[0] for line, _ in split(text)]
    return len(set(dishes)) < len(dishes)


def _titles(added: str) -> list[str]:
    return [title for _, title in json.loads(added)]


def _slug(product: str, title: str) -> str:
    return product.rstrip("/").rpartition("/")[2] if product else title


def _dish(form: str, title: str, product: str, options: list[str]) -> str:
    if form == "staff":
        return _slug(product, title)
    return f"{title}({','.join(options)})" if options else title
