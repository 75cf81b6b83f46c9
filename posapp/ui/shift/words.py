"""The words of the shift: since when, by whom, over or short."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from posapp.domain.money import currency_of, round_money
from posapp.domain.shift import Custody, ShiftReport
from posapp.storage.shifts import ShiftRow
from posapp.ui.delegates.age import clock_text
from posapp.ui.moneytext import money_text

translate = QCoreApplication.translate


def _say(text: str) -> str:
    return translate("shift", text)


def sum_text(amount: Decimal, currency: str) -> str:
    """Return an amount with its currency."""
    return money_text(f"{round_money(amount, currency):f}", currency)


def signed_text(amount: Decimal, currency: str) -> str:
    """Return an amount with its sign: "+250 ₸"."""
    text = sum_text(amount, currency)
    return f"+{text}" if amount > 0 else text


def difference_text(report: ShiftReport) -> str:
    """Return what a count found: "exact", "+50 ₸ over", "−120 ₸ short"."""
    gap = report.difference or Decimal(0)
    if not gap:
        return _say("exact")
    text = _say("%1 over") if gap > 0 else _say("%1 short")
    return text.replace("%1", sum_text(abs(gap), report.currency))


def since_text(row: ShiftRow, now: datetime, zone: ZoneInfo) -> str:
    """Return "open since 10:02"; of another day with its date."""
    return _say("open since %1").replace("%1", clock_text(row.opened_at, now, zone))


def custody_text(custody: Custody) -> str:
    """Return what became of the orders in hand, in one sentence."""
    if custody.is_sound:
        return _say("All orders are accounted for.")
    gap = abs(custody.gap)
    words = _say("1 order is not accounted for.") if gap == 1 else _say("%1 orders are not accounted for.")
    parts = [words.replace("%1", str(gap))] if gap else []
    if custody.lost:
        lost = _say("Numbers without an order: %1.")
        parts.append(lost.replace("%1", ", ".join(custody.lost[:10])))
    if custody.changes_lost:
        told = _say("Changes are missing: %1.")
        parts.append(told.replace("%1", ", ".join(custody.changes_lost[:10])))
    return " ".join(parts)


def pieces_text(value: Decimal, currency: str) -> str:
    """Return the name of a note or coin: "20 000 ₸"."""
    return money_text(f"{value:f}", currency)


def cents(currency: str) -> bool:
    """Tell whether coins below one unit are usual."""
    return currency_of(currency).code in ("USD", "EUR")
