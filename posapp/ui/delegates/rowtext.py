"""What the row of an order says: payment line, names, and the sentence for screen readers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from posapp.domain.dispatch import cash_is_owed
from posapp.storage.rows import OrderRow
from posapp.ui.delegates.age import age_of
from posapp.ui.moneytext import amount_of, money_text, number_text
from posapp.ui.words import payment_method_word, payment_status_word, status_word, sync_word

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """The payment line of a row; the tone names a colour family: text2, ok, warn, danger."""

    text: str
    icon: str
    tone: str


def payment_line(row: OrderRow) -> PaymentLine:
    """Return how the order is paid, in a few words.

    Cash is collected on delivery unless the shop has it; an empty "change from" is unknown, not exact.
    """
    if row.remote is None:
        return _counter_line(row)
    if cash_is_owed(format_=row.format, method=row.payment_method, payment_status=row.payment_status):
        return _cash_line(row)
    if row.payment_status == "paid":
        card = row.payment_method == "card"
        text = translate("row", "Paid · card") if card else translate("row", "Paid")
        return PaymentLine(text, "seal-check-fill", "ok")
    if row.payment_status == "failed":
        return PaymentLine(translate("row", "Payment failed"), "warning-octagon-fill", "danger")
    return PaymentLine(translate("row", "Unpaid"), "warning-circle-fill", "warn")


def _counter_line(row: OrderRow) -> PaymentLine:
    """Return how an order of the counter is paid: its payments are ours, so its status is true."""
    word = payment_status_word(row.payment_status)
    match row.payment_status:
        case "paid":
            method = payment_method_word(row.payment_method).lower()
            return PaymentLine(f"{word} · {method}" if method else word, "seal-check-fill", "ok")
        case "refunded":
            return PaymentLine(word, "money-fill", "text2")
        case _:
            return PaymentLine(word, "warning-circle-fill", "warn")


def _cash_line(row: OrderRow) -> PaymentLine:
    given, total = amount_of(row.change_from), amount_of(row.total)
    if given is None:
        return PaymentLine(translate("row", "Cash"), "money-fill", "text2")
    if total is not None and given == total:
        return PaymentLine(translate("row", "Cash · exact"), "money-fill", "text2")
    text = translate("row", "Cash · from %1").replace("%1", number_text(row.change_from, row.currency))
    if total is not None and given < total:
        return PaymentLine(text, "warning-circle-fill", "warn")
    return PaymentLine(text, "money-fill", "text2")


def who(row: OrderRow) -> str:
    """Return the customer's name, else the phone, else that there is neither."""
    return row.customer_name or row.phone or translate("row", "No name")


def where(row: OrderRow) -> str:
    """Return the address, or that the customer comes to the counter."""
    if row.kind == "pickup":
        return translate("row", "Pickup at counter")
    return row.address or translate("row", "No address")


def code_text(row: OrderRow) -> str:
    """Return the order's code with its number sign; codes with letters, such as C1-027, stand alone."""
    return f"#{row.code}" if row.code.isdigit() else row.code


def row_accessible_text(row: OrderRow, now: datetime, zone: ZoneInfo) -> str:
    """Return the whole row as one sentence for a screen reader."""
    parts = [
        translate("row", "Order %1").replace("%1", row.code),
        status_word(row.status),
        age_of(row, now, zone).spoken,
        who(row),
        where(row),
        money_text(row.total, row.currency),
        payment_line(row).text,
        sync_word(row.sync),
        row.sync_reason if row.sync in ("failed", "conflict") else "",
        translate("row", "not yet seen") if row.unacknowledged else "",
    ]
    return ", ".join(part for part in parts if part)
