"""What an act on several orders did, in one sentence: how many, and which could not and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from posapp.services.together import Act, LeftOut, Step, Why
from posapp.ui.words import status_word

translate = QCoreApplication.translate


def name_of(code: str) -> str:
    """Return an order's code with its number sign; codes with letters stand alone."""
    return f"#{code}" if code.isdigit() else code


def orders_text(steps: Sequence[Step]) -> str:
    """Return "#4818", or "3 orders"."""
    if len(steps) == 1:
        return name_of(steps[0].code)
    return translate("acts", "%1 orders").replace("%1", str(len(steps)))


def told(done: str, act: Act) -> str:
    """Return what was done, and behind it what could not be."""
    return ", ".join(part for part in (done if act.steps else "", left_text(act.left_out)) if part)


def moved_text(act: Act) -> str:
    """Return what became of orders that each got their next step: "5 accepted, 1 could not: …"."""
    words = Counter(step.after.value for step in act.steps)
    if len(act.steps) == 1:
        step = act.steps[0]
        text = translate("acts", "%1 is “%2” now").replace("%1", name_of(step.code))
        return told(text.replace("%2", status_word(step.after)), act)
    counted = [f"{count} {_participle(status)}" for status, count in words.items()]
    return told(", ".join(counted), act)


def undone_text(act: Act) -> str:
    """Return what an undo took back."""
    if len(act.steps) == 1:
        step = act.steps[0]
        text = translate("acts", "Undone: %1 is “%2” again").replace("%1", name_of(step.code))
        return told(text.replace("%2", status_word(step.after)), act)
    return told(translate("acts", "Undone for %1").replace("%1", orders_text(act.steps)), act)


def left_text(left: Sequence[LeftOut]) -> str:
    """Return how many orders an act could not reach, and why: "1 could not: it was cancelled at the shop"."""
    if not left:
        return ""
    head = translate("acts", "%1 could not: %2").replace("%1", str(len(left)))
    reasons = Counter((entry.why, entry.status if entry.why is Why.IMPOSSIBLE else "") for entry in left)
    if len(left) == 1:
        why, status = next(iter(reasons))
        name = f" ({name_of(left[0].code)})" if left[0].code else ""
        return head.replace("%2", _because(why, status)) + name
    parts = [f"{count} {_plural(why, status)}" for (why, status), count in reasons.items()]
    return head.replace("%2", ", ".join(parts))


def _participle(status: str) -> str:
    words = {
        "accepted": translate("acts", "accepted"),
        "cooking": translate("acts", "cooking"),
        "ondelivery": translate("acts", "on their way"),
        "delivered": translate("acts", "delivered"),
    }
    return words.get(status, status_word(status))


def _because(why: Why, status: str) -> str:
    words = {
        Why.CHANGED: translate("acts", "somebody changed it meanwhile"),
        Why.CANCELLED: translate("acts", "it was cancelled"),
        Why.CANCELLED_THERE: translate("acts", "it was cancelled at the shop"),
        Why.DELIVERED: translate("acts", "it is delivered already"),
        Why.PICKUP: translate("acts", "the customer collects it"),
        Why.GONE: translate("acts", "it no longer exists"),
    }
    return words.get(why) or translate("acts", "it is “%1”").replace("%1", status_word(status))


def _plural(why: Why, status: str) -> str:
    words = {
        Why.CHANGED: translate("acts", "changed meanwhile"),
        Why.CANCELLED: translate("acts", "cancelled"),
        Why.CANCELLED_THERE: translate("acts", "cancelled at the shop"),
        Why.DELIVERED: translate("acts", "delivered already"),
        Why.PICKUP: translate("acts", "collected by customers"),
        Why.GONE: translate("acts", "no longer there"),
    }
    return words.get(why) or f"“{status_word(status)}”"
