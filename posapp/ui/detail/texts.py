"""Texts of strangers for labels: kept whole, on as many lines as they need, however long their words are."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from posapp.storage.rows import OrderDetail

translate = QCoreApplication.translate
BREAK_HERE = "\u200b"
_LONG_RUN = re.compile(r"\S{25,}")
_EVERY = 12
_TEENS = range(11, 14)


def breakable(text: str) -> str:
    """Return `text` with invisible places to break inside very long words, so that a label can wrap them."""
    return _LONG_RUN.sub(lambda found: _broken(found.group()), text)


def _broken(word: str) -> str:
    return BREAK_HERE.join(word[start : start + _EVERY] for start in range(0, len(word), _EVERY))


def which_order(count: int) -> str:
    """Return "14th order" for a customer's number of orders, nothing for none."""
    if count <= 0:
        return ""
    last = 0 if count % 100 in _TEENS else count % 10
    match last:
        case 1:
            text = translate("customer", "%1st order")
        case 2:
            text = translate("customer", "%1nd order")
        case 3:
            text = translate("customer", "%1rd order")
        case _:
            text = translate("customer", "%1th order")
    return text.replace("%1", str(count))


def place_details(detail: OrderDetail) -> str:
    """Return entrance, floor and apartment, as far as they are known and the address does not say them."""
    parts = []
    if detail.entrance:
        parts.append(translate("customer", "Entrance %1").replace("%1", detail.entrance))
    if detail.level:
        parts.append(translate("customer", "floor %1").replace("%1", detail.level))
    if detail.apt and detail.apt not in detail.row.address:
        parts.append(translate("customer", "apt. %1").replace("%1", detail.apt))
    if detail.city:
        parts.append(detail.city)
    return " · ".join(parts)
