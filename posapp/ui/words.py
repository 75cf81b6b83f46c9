"""The words that people see for statuses, sync states, payment, sources and kinds of order."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from posapp.domain.rules import rules_of

translate = QCoreApplication.translate


def status_word(status: str) -> str:
    """Return the label of an order status, at most 12 characters in English."""
    words = {
        "created": translate("words", "New"),
        "accepted": translate("words", "Accepted"),
        "cooking": translate("words", "Cooking"),
        "ondelivery": translate("words", "On delivery"),
        "timing": translate("words", "Scheduled"),
        "edited": translate("words", "Edited"),
        "delivered": translate("words", "Delivered"),
        "cancelled": translate("words", "Cancelled"),
    }
    return words.get(status, status)


def sync_word(sync: str) -> str:
    """Return the label of a sync state."""
    match sync:
        case "synced":
            return translate("words", "Synced")
        case "pending":
            return translate("words", "Waiting to sync")
        case "failed":
            return translate("words", "Sync failed")
        case "conflict":
            return translate("words", "Conflict")
        case "local":
            return translate("words", "Only here")
        case "kept":
            return translate("words", "Kept here")
        case _:
            return sync


def payment_method_word(method: str) -> str:
    """Return the label of a payment method; an unknown one gives an empty text."""
    match method:
        case "card":
            return translate("words", "Card")
        case "cash":
            return translate("words", "Cash")
        case "mixed":
            return translate("words", "Cash and card")
        case _:
            return method


def payment_status_word(status: str) -> str:
    """Return the label of a payment status."""
    match status:
        case "paid":
            return translate("words", "Paid")
        case "unpaid":
            return translate("words", "Unpaid")
        case "waiting_for_payment":
            return translate("words", "Waiting for payment")
        case "failed":
            return translate("words", "Payment failed")
        case "partly_paid":
            return translate("words", "Partly paid")
        case "refunded":
            return translate("words", "Refunded")
        case _:
            return status


def field_label(name: str) -> str:
    """Return the label of an order's field; one without a rule keeps its name."""
    if name == "cart":
        return translate("words", "Order lines")
    rules = (rules_of(format_name) for format_name in ("staff", "internal"))
    return next((translate("fields", table[name].label) for table in rules if name in table), name)


def kind_word(kind: str) -> str:
    """Return the label of a kind of order."""
    match kind:
        case "delivery":
            return translate("words", "Delivery")
        case "pickup":
            return translate("words", "Pickup")
        case _:
            return kind


def source_word(source: str) -> str:
    """Return the label of where an order came from; a source without a word keeps its own name."""
    match source:
        case "web":
            return translate("words", "Web shop")
        case "mobile":
            return translate("words", "Mobile app")
        case "phone":
            return translate("words", "Phone")
        case "counter":
            return translate("words", "Counter")
        case _:
            return source or translate("words", "Unknown source")


_SOURCE_ICONS = {"web": "globe", "mobile": "device-mobile", "phone": "phone", "counter": "storefront"}


def source_icon(source: str) -> str:
    """Return the icon of where an order came from; add "-fill" for its filled form."""
    return _SOURCE_ICONS.get(source, "question")
