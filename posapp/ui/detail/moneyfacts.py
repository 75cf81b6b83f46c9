"""What the payment and the totals of an order mean, in words and sums, before any widget shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QCoreApplication

from posapp.domain.dispatch import cash_is_owed
from posapp.domain.money import change_to_bring, total_of
from posapp.domain.payment import Balance, Payment, balance
from posapp.domain.status import FINAL
from posapp.storage.rows import OrderDetail, OrderRow
from posapp.ui.moneytext import amount_of, money_text
from posapp.ui.widgets.chip import ChipTone
from posapp.ui.words import payment_method_word, payment_status_word

translate = QCoreApplication.translate
_MINUS = "−\u202f"


@dataclass(frozen=True, slots=True)
class Pair:
    """A name and its value; `strong` for what counts, `tone` for a colour family of the theme."""

    name: str
    value: str
    strong: bool = False
    tone: str = ""


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """The payment card: title, chip, pairs, and a warning if something is to be asked."""

    title: str
    chip: str
    chip_tone: ChipTone
    pairs: tuple[Pair, ...]
    warning: str = ""


@dataclass(frozen=True, slots=True)
class TotalFacts:
    """The foot of the lines: pairs, the total as received, and what does not add up."""

    pairs: tuple[Pair, ...]
    total: str
    mark: str = ""


def sum_text(amount: Decimal, currency: str) -> str:
    """Write an amount as the rows do."""
    return money_text(f"{amount:f}", currency)


def can_be_marked_paid(detail: OrderDetail) -> bool:
    """Tell whether a shop's order is still to be paid, here or on delivery."""
    row, total = detail.row, amount_of(detail.row.total)
    # Nobody has paid on delivery what nobody has accepted yet.
    if row.remote is None or row.status in {"created", "cancelled"} or not total or total <= 0:
        return False
    if detail.payments:
        return balance(total, detail.payments).due > 0
    owed = cash_is_owed(format_=row.format, method=row.payment_method, payment_status=row.payment_status)
    return owed or row.payment_status not in {"paid", "refunded"}


def payment_act(detail: OrderDetail) -> tuple[str, bool]:
    """Return what can be done about the payment ("" for nothing), and whether something is due."""
    row = detail.row
    if can_be_marked_paid(detail):
        return translate("payment", "Mark paid"), True
    if row.remote is None and row.status != "cancelled" and row.payment_status not in {"paid", "refunded"}:
        return translate("payment", "Take payment"), True
    return (translate("payment", "Payments") if row.remote is None or detail.payments else ""), False


def payment_facts(row: OrderRow, payments: Sequence[Payment] = ()) -> PaymentFacts:
    """Return how the money is to be handled; cash is collected on delivery unless the shop has it.

    `payments` are those that were taken here.
    """
    asked = amount_of(row.total)
    stands = balance(asked, payments) if payments and asked is not None else None
    if row.remote is None:
        return _at_the_counter(row, stands)
    if stands is not None and stands.due <= 0:
        return _paid_here(row, payments)
    if cash_is_owed(format_=row.format, method=row.payment_method, payment_status=row.payment_status):
        return _cash(row)
    total = Pair(translate("payment", "Amount"), money_text(row.total, row.currency), strong=True)
    method = payment_method_word(row.payment_method) or translate("payment", "Payment")
    match row.payment_status:
        case "paid":
            return PaymentFacts(method, payment_status_word("paid"), ChipTone.OK, (total,))
        case "failed":
            warning = translate("payment", "The payment failed — ask for another way to pay.")
            return PaymentFacts(method, translate("payment", "Failed"), ChipTone.DANGER, (total,), warning)
        case "waiting_for_payment":
            warning = translate("payment", "Not paid yet.")
            return PaymentFacts(method, translate("payment", "Waiting"), ChipTone.WARN, (total,), warning)
        case _:
            warning = translate("payment", "Not paid yet.")
            return PaymentFacts(method, payment_status_word("unpaid"), ChipTone.WARN, (total,), warning)


def _paid_here(row: OrderRow, payments: Sequence[Payment]) -> PaymentFacts:
    method = payment_method_word(payments[-1].method.value)
    amount = Pair(translate("payment", "Amount"), money_text(row.total, row.currency), strong=True)
    return PaymentFacts(method, translate("payment", "Paid here"), ChipTone.OK, (amount,))


def _at_the_counter(row: OrderRow, stands: Balance | None) -> PaymentFacts:
    """Return how an order of the counter is paid: its payments are ours, so its status is true."""
    total = Pair(translate("payment", "Amount"), money_text(row.total, row.currency), strong=True)
    settled = row.payment_status in {"paid", "refunded"}
    tone = ChipTone.OK if row.payment_status == "paid" else ChipTone.NEUTRAL if settled else ChipTone.WARN
    title = payment_method_word(row.payment_method) if settled else ""
    word = payment_status_word(row.payment_status)
    warning = "" if settled or row.status == "cancelled" else translate("payment", "Not paid yet.")
    pairs = [total]
    if stands is not None and stands.refundable and stands.due:
        pairs = [Pair(total.name, total.value)]
        pairs.append(Pair(translate("payment", "Paid"), sum_text(stands.refundable, row.currency)))
        name = (
            translate("payment", "Still to pay") if stands.due > 0 else translate("payment", "To give back")
        )
        pairs.append(Pair(name, sum_text(abs(stands.due), row.currency), strong=True))
        warning = ""
    return PaymentFacts(title or translate("payment", "Payment"), word, tone, tuple(pairs), warning)


def _cash(row: OrderRow) -> PaymentFacts:
    pickup = row.kind == "pickup"
    title = translate("payment", "Cash at pickup") if pickup else translate("payment", "Cash on delivery")
    open_ = row.status not in FINAL
    chip = translate("payment", "To collect") if open_ else payment_method_word("cash")
    tone = ChipTone.WARN if open_ else ChipTone.NEUTRAL
    name = translate("payment", "To collect") if open_ else translate("payment", "Amount")
    collect = Pair(name, money_text(row.total, row.currency))
    total, given = amount_of(row.total), row.change_from.strip()
    change = change_to_bring(total, given) if total is not None else None
    if change is None:
        pairs = (collect, Pair(translate("payment", "Gives"), given)) if given else (collect,)
        ask = translate("payment", "Change unknown — ask") if open_ else ""
        return PaymentFacts(title, chip, tone, pairs, ask)
    gives = Pair(translate("payment", "Gives"), money_text(given, row.currency))
    if change < 0:
        short = translate("payment", "%1 less than the total — ask").replace(
            "%1", sum_text(-change, row.currency)
        )
        return PaymentFacts(title, chip, tone, (collect, gives), short if open_ else "")
    value = sum_text(change, row.currency) if change else translate("payment", "None, exact")
    name = translate("payment", "Change to give") if pickup else translate("payment", "Change to bring")
    return PaymentFacts(title, chip, tone, (gives, Pair(name, value, strong=True)))


def total_facts(detail: OrderDetail) -> TotalFacts:
    """Return the totals as received, with a mark where they do not follow from the lines."""
    row, money = detail.row, detail.row.currency
    items = total_of(line.total for line in detail.lines)
    off = detail.products_total - items
    promos = list(dict.fromkeys(line.promo_title for line in detail.lines if line.promo_title))
    pairs: list[Pair] = []
    mark = ""
    if off < 0 and promos:
        pairs.append(Pair(translate("totals", "Items"), sum_text(items, money)))
        name = translate("totals", "Discount · %1").replace("%1", ", ".join(promos))
        pairs.append(Pair(name, _MINUS + sum_text(-off, money), tone="ok_text"))
    else:
        pairs.append(Pair(translate("totals", "Items"), sum_text(detail.products_total, money)))
        mark = _mark(translate("totals", "the lines come to %1"), items, off, money) if off else ""
    if detail.delivery_cost or row.kind != "pickup":
        cost = sum_text(detail.delivery_cost, money) if detail.delivery_cost else translate("totals", "Free")
        pairs.append(Pair(translate("totals", "Delivery"), cost))
    total = amount_of(row.total)
    expected = detail.products_total + detail.delivery_cost
    if total is not None and total != expected:
        mark = _mark(translate("totals", "items and delivery come to %1"), expected, total - expected, money)
    return TotalFacts(tuple(pairs), money_text(row.total, money), mark)


def _mark(what: str, sum_: Decimal, off: Decimal, money: str) -> str:
    """Say that a sum as received differs from ours; `off` is how much more the received one is."""
    more = translate("totals", "Does not add up: %1 — the shop asks %2 more.")
    less = translate("totals", "Does not add up: %1 — the shop asks %2 less.")
    text = (more if off > 0 else less).replace("%1", what.replace("%1", sum_text(sum_, money)))
    return text.replace("%2", sum_text(abs(off), money))
