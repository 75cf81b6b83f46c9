"""What a person makes of the lines of an order."""

from __future__ import annotations

import json
from random import Random

from posapp.domain.sale import SaleModifier
from posapp.services.line_edits import LineEdit
from tests.simulation import carts


def changed_lines(
    form: str, rows: list[tuple[str, int, str, str]], draw: Random, *, wrong: bool
) -> tuple[list[LineEdit], str]:
    """Return the lines as an editor sends them, and the cart that they are, in the model's words."""
    here = [(title, count, product, json.loads(added)) for title, count, product, added in rows]
    lines = [LineEdit(count, place=place) for place, (_, count, _, _) in enumerate(here)]
    texts = [carts.here_text(form, [row]) for row in rows]
    place = draw.randrange(len(here))
    title, count, product, added = here[place]
    dish = texts[place].rpartition("*")[0]
    what = draw.choice(("count", "count", "options", "remove", "add", "add"))
    new = carts.NO_DISH if wrong else draw.choice(carts.DISHES)
    if what == "add" and new not in {row[0] for row in here}:
        count = 1 + draw.randrange(carts.MOST)
        lines.append(LineEdit(count, title=new, product=carts.address(new) if form == "staff" else ""))
        texts.append(f"{new}*{count}")
    elif what == "remove" and len(here) > 1:
        del lines[place], texts[place]
    elif what == "options":
        option = draw.choice(carts.OPTIONS)
        given = () if [option] == [one for _, one in added] else (SaleModifier(option),)
        lines[place] = LineEdit(count, place=place, additions=given)
        added_text = json.dumps([["", item.title] for item in given])
        texts[place] = carts.here_text(form, [(title, count, product, added_text)])
    else:
        count = 1 + draw.randrange(carts.MOST)
        lines[place] = LineEdit(count, place=place)
        texts[place] = f"{dish}*{count}"
    return lines, carts.joined(texts)
