"""The words of the Reports screen: spans, comparisons, units and values."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from posapp.domain.money import currency_of, round_money
from posapp.domain.report_span import Span, SpanKind, Unit
from posapp.domain.report_summary import Bar
from posapp.ui.moneytext import money_text

translate = QCoreApplication.translate
_THOUSAND, _MILLION = 1_000, 1_000_000


def _say(text: str) -> str:
    return translate("reports", text)


def day_text(day: date, pattern: str = "ddd d MMM") -> str:
    """Return a day as people write it."""
    return QLocale().toString(QDate(day.year, day.month, day.day), pattern)


def span_text(span: Span, clock: str) -> str:
    """Return which days a report is about: "Sunday 22 November · until 19:42"."""
    if span.days == 1:
        text = day_text(span.first, "dddd d MMMM")
    else:
        text = f"{day_text(span.first, 'd MMM')} – {day_text(span.last, 'd MMM yyyy')}"
    if not span.running:
        return text
    return f"{text} · {_say('until %1').replace('%1', clock)}"


def versus(span: Span) -> str:
    """Return what the figures are compared with."""
    if span.days == 1:
        return _say("vs last %1").replace("%1", day_text(span.before, "ddd"))
    if span.back == 7:
        return _say("vs the week before")
    return _say("vs %1 days before").replace("%1", str(span.days))


def now_name(kind: SpanKind, span: Span) -> str:
    """Return the name of the bars in the legend."""
    match kind:
        case SpanKind.TODAY:
            return _say("Today")
        case SpanKind.YESTERDAY:
            return _say("Yesterday")
        case SpanKind.WEEK:
            return _say("7 days")
        case SpanKind.MONTH:
            return _say("30 days")
    return day_text(span.first, "d MMM") if span.days == 1 else _say("These days")


def before_name(span: Span) -> str:
    """Return the name of the line in the legend."""
    if span.days == 1:
        return _say("Last %1").replace("%1", day_text(span.before, "dddd"))
    return _say("Week before") if span.back == 7 else _say("Days before")


def sales_title(unit: Unit) -> str:
    """Return the title of the sales chart."""
    words = {
        Unit.HOUR: _say("Sales by hour"),
        Unit.DAY: _say("Sales by day"),
        Unit.WEEK: _say("Sales by week"),
    }
    return words[unit]


def scale_of(most: Decimal) -> int:
    """Return in what an axis counts: ones, thousands or millions."""
    if most >= 10 * _MILLION:
        return _MILLION
    return _THOUSAND if most >= 10 * _THOUSAND else 1


def scale_text(scale: int, currency: str) -> str:
    """Return the unit of an axis: "thousand ₸"."""
    symbol = currency_of(currency).symbol
    if scale == _MILLION:
        return _say("million %1").replace("%1", symbol)
    return _say("thousand %1").replace("%1", symbol) if scale == _THOUSAND else symbol


def sum_text(amount: Decimal, currency: str, *, whole: bool = False) -> str:
    """Return an amount with its currency; `whole` without the small change, for figures at a glance."""
    if whole and abs(amount) >= 100:
        amount = amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return money_text(f"{round_money(amount, currency):f}", currency)


def count_text(count: int) -> str:
    """Return a number of things, its digits in groups."""
    return f"{count:,}".replace(",", "\u202f")


def bar_text(bar: Bar, unit: Unit) -> str:
    """Return what a bar is about: "14:00–15:00", "Mon 16 Nov", "9 – 15 Nov"."""
    if bar.hour is not None:
        return f"{bar.hour:02d}:00–{bar.hour + 1:02d}:00"
    if unit is Unit.DAY:
        return day_text(bar.day)
    return f"{day_text(bar.day, 'd MMM')} – {day_text(bar.day + timedelta(days=bar.days - 1), 'd MMM')}"


def minutes_text(seconds: int) -> str:
    """Return a time as "13:20", minutes and seconds."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def percent_text(value: Decimal) -> str:
    """Return a percentage as "5.7 %"."""
    return f"{value.normalize():f}\u202f%"


def shop_text(remote: str) -> str:
    """Return the name of a shop; "-" is this counter."""
    return _say("Sold here") if remote == "-" else remote
