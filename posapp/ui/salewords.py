"""What was sold, paid and given back, in the words of an order's history."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from posapp.storage.rows import EventRow
from posapp.ui.moneytext import money_text
from posapp.ui.words import payment_method_word

translate = QCoreApplication.translate


def sale_text(event: EventRow) -> str:
    """Return what a sale or a payment did; "" for other events."""
    get = event.params.get
    currency = get("currency", "")
    match event.kind:
        case "sold":
            text = translate("history", "Sold at the counter · %1")
            return text.replace("%1", money_text(get("total", ""), currency))
        case "sale_edited":
            text = translate("history", "Lines changed: %1 → %2")
            text = text.replace("%1", money_text(get("from", ""), currency))
            text = text.replace("%2", money_text(get("to", ""), currency))
        case "paid":
            text = translate("history", "Paid %1 · %2")
        case "refunded":
            text = translate("history", "Given back %1 · %2")
        case "reversed":
            text = translate("history", "Payment taken back %1 · %2")
        case _:
            return ""
    amount = money_text(get("amount", "").removeprefix("-"), currency)
    text = text.replace("%1", amount).replace("%2", payment_method_word(get("method", "")).lower())
    reason = get("reason", "")
    return f"{text} · {reason}" if reason else text
