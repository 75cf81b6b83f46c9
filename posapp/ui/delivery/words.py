"""What the Delivery screen says: the money of an order, how late it is, and what a courier is doing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from posapp.domain.dispatch import sum_carried
from posapp.domain.status import Status
from posapp.domain.timing import Age
from posapp.storage.dispatch import CourierRow, DispatchRow
from posapp.ui.delegates.age import age_of, clock_text, duration_text
from posapp.ui.delegates.rowtext import where, who
from posapp.ui.moneytext import money_text

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """How an order is paid, in a few words; the tone is a label's tone."""

    text: str
    tone: str = "text2"


@dataclass(frozen=True, slots=True)
class Timer:
    """A running time with its level and the words around it."""

    age: str
    due: str
    level: Age
    spoken: str


@dataclass(frozen=True, slots=True)
class Doing:
    """What a courier is doing: word, icon, tone, and the line below the name."""

    word: str
    icon: str
    tone: str
    line: str


def sum_text(amount: Decimal, currency: str) -> str:
    """Write an amount as the rows do."""
    return money_text(f"{amount:f}", currency)


def purse_text(purse: Mapping[str, Decimal]) -> str:
    """Write sums in several currencies, one after the other."""
    return " + ".join(sum_text(amount, currency) for currency, amount in sorted(purse.items()))


def money_line(row: DispatchRow) -> MoneyLine:
    """Return what is to be taken for an order, and the change to bring."""
    collect, money = row.collect, row.order.currency
    if collect.amount is None:
        return MoneyLine(translate("delivery", "Take %1").replace("%1", row.order.total), "warn_text")
    amount = sum_text(collect.amount, money)
    if not collect.cash:
        if not collect.amount:
            return MoneyLine(translate("delivery", "Paid"))
        return MoneyLine(translate("delivery", "Unpaid · take %1").replace("%1", amount), "warn_text")
    cash = translate("delivery", "Cash %1").replace("%1", amount)
    if collect.change is None:
        return MoneyLine(f"{cash} · {translate('delivery', 'change unknown')}")
    if collect.too_little:
        short = translate("delivery", "gives %1 less").replace("%1", sum_text(-collect.change, money))
        return MoneyLine(f"{cash} · {short}", "warn_text")
    if not collect.change:
        return MoneyLine(f"{cash} · {translate('delivery', 'exact')}")
    word = (
        translate("delivery", "give %1") if row.order.kind == "pickup" else translate("delivery", "bring %1")
    )
    return MoneyLine(f"{cash} · {word.replace('%1', sum_text(collect.change, money))}")


def returned_text(row: DispatchRow) -> str:
    """Return what comes back with an order that is not delivered: the change that was taken along for it."""
    if not row.collect.carried:
        return ""
    change = sum_text(row.collect.carried, row.order.currency)
    return translate("delivery", "%1 change comes back").replace("%1", change)


def timer_of(row: DispatchRow, now: datetime, zone: ZoneInfo) -> Timer:
    """Return how long an order waits or rides; past its due time it is late, whatever the targets say."""
    order = row.order
    age = age_of(order, now, zone)
    due = order.planned_at or order.due_at
    overdue = row.stopped or (due is not None and now > due)
    level = Age.LATE if overdue else age.level
    due_text = translate("delivery", "due %1").replace("%1", clock_text(due, now, zone)) if due else ""
    late = translate("delivery", "late") if level is Age.LATE else ""
    spoken = ", ".join(part for part in (age.text, late, due_text) if part)
    return Timer(age.text, due_text, level, spoken)


def place_text(row: DispatchRow) -> str:
    """Return where an order goes."""
    if row.order.kind == "pickup":
        return translate("delivery", "Waiting at the counter")
    return where(row.order)


def stand_text(row: DispatchRow) -> str:
    """Return whether the kitchen is done with an order, or has to stop with it."""
    if row.stopped:
        return translate("delivery", "Cancelled at shop")
    return translate("delivery", "Ready") if row.ready_at is not None else translate("delivery", "Cooking")


def spoken_row(row: DispatchRow, now: datetime, zone: ZoneInfo, holder: str = "") -> str:
    """Return an order as one sentence for screen readers."""
    stand = stand_text(row) if row.stopped or row.order.status == Status.COOKING else ""
    parts = (
        translate("delivery", "Order %1").replace("%1", row.order.code),
        who(row.order),
        place_text(row),
        stand,
        timer_of(row, now, zone).spoken,
        money_line(row).text,
        translate("delivery", "with %1").replace("%1", holder) if holder else "",
    )
    return ", ".join(part for part in parts if part)


def road_text(row: DispatchRow) -> str:
    """Return where a row on the road goes, and to whom."""
    return f"{where(row.order)} · {who(row.order)}"


def count_text(count: int) -> str:
    """Return "1 order" or "3 orders"."""
    one = translate("delivery", "1 order")
    return one if count == 1 else translate("delivery", "%1 orders").replace("%1", str(count))


def doing_of(courier: CourierRow, road: Sequence[DispatchRow], now: datetime, zone: ZoneInfo) -> Doing:
    """Return what a courier is doing, and for how long."""
    if road:
        left = min((row.sent_at for row in road if row.sent_at is not None), default=now)
        parts = [
            translate("delivery", "Left %1").replace("%1", clock_text(left, now, zone)),
            count_text(len(road)),
        ]
        purse = _with(courier.cash, road)
        if purse:
            parts.append(translate("delivery", "brings back %1").replace("%1", purse_text(purse)))
        return Doing(translate("delivery", "Out"), "moped-fill", "ondelivery", " · ".join(parts))
    cash = [translate("delivery", "cash on hand %1").replace("%1", purse_text(courier.cash))]
    if not courier.on_duty:
        line = " · ".join(cash if courier.cash else [])
        return Doing(translate("delivery", "Off duty"), "pause-fill", "text3", line)
    if courier.back_at is not None and now < courier.back_at and courier.last_drop is not None:
        minutes = max(1, round((courier.back_at - now).total_seconds() / 60))
        parts = [
            translate("delivery", "Last drop %1").replace("%1", clock_text(courier.last_drop, now, zone)),
            translate("delivery", "≈\u00a0%1 min away").replace("%1", str(minutes)),
        ]
        return _free(
            translate("delivery", "Back soon"), "arrow-u-up-left", "accent_text", parts, cash, courier
        )
    since = max((at for at in (courier.duty_at, courier.back_at) if at is not None), default=now)
    waited = duration_text(max(0, int((now - since).total_seconds())), exact=False)
    parts = [translate("delivery", "Free for %1").replace("%1", waited)]
    if courier.deliveries:
        parts.append(_deliveries(courier.deliveries))
    return _free(translate("delivery", "Free"), "check-circle-fill", "ok_text", parts, cash, courier)


def _free(word: str, icon: str, tone: str, parts: list[str], cash: list[str], courier: CourierRow) -> Doing:
    return Doing(word, icon, tone, " · ".join(parts + (cash if courier.cash else [])))


def _deliveries(count: int) -> str:
    one = translate("delivery", "1 delivery")
    return one if count == 1 else translate("delivery", "%1 deliveries").replace("%1", str(count))


def _with(cash: Mapping[str, Decimal], road: Sequence[DispatchRow]) -> dict[str, Decimal]:
    """Return the cash on hand with what the orders on the road will bring."""
    purse = dict(cash)
    for row in road:
        if row.collect.brought_back:
            money = row.order.currency
            purse[money] = purse.get(money, Decimal(0)) + row.collect.brought_back
    return purse


def chosen_text(rows: Sequence[DispatchRow]) -> str:
    """Return how many orders are selected, and the change to take along for them."""
    if not rows:
        return ""
    text = translate("delivery", "%1 selected").replace("%1", count_text(len(rows)))
    currencies = {row.order.currency for row in rows}
    carried = sum_carried(row.collect for row in rows)
    if not carried or len(currencies) > 1:
        return text
    change = translate("delivery", "take %1 change").replace("%1", sum_text(carried, currencies.pop()))
    return f"{text} · {change}"
