"""Shifts: opening a drawer, moving cash, the X report, and the count that closes it with a Z."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

from posapp.domain.errors import RefusedError
from posapp.domain.money import format_money, round_money
from posapp.domain.people import Right
from posapp.domain.sale_rules import SaleRules
from posapp.domain.shift import (
    CashMove,
    Counted,
    MoveKind,
    ReportKind,
    ShiftReport,
    check_count,
    figures,
    refund_reasons,
)
from posapp.domain.text import clean_line
from posapp.domain.who import Who
from posapp.services.permits import permit
from posapp.storage.feed import Topic
from posapp.storage.fields import to_us
from posapp.storage.reader import Reader, number_of, to_text
from posapp.storage.sales import payments_of_shift
from posapp.storage.shifts import (
    ShiftRow,
    cancellations,
    cash_moves,
    custody,
    entries,
    last_number,
    open_orders,
    open_shift_of,
    queue_state,
    unpaid,
)
from posapp.storage.store import Store, Transaction

LONGEST_REASON = 200
MOST_CASH = Decimal("999999999")


def open_shift(
    store: Store, opening_float: Decimal, rules: SaleRules, who: Who, *, origin: str = ""
) -> ShiftRow:
    """Open the station's drawer with so much cash in it; raise RefusedError when it is open already."""
    with store.write(origin) as tx:
        permit(tx, who, Right.SHIFT)
        if open_shift_of(tx, who.station) is not None:
            raise RefusedError(
                "A shift is open at this station already.", remedy="Close it first, or go on with it."
            )
        _check_amount(opening_float, rules.currency, "opening_float", least=Decimal("0"))
        tx.execute(
            "INSERT INTO shifts(number, station, currency, opening_float, opened_at, opened_by, carried, "
            "last_order, prefix, first_number, closed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')",
            (
                1 + number_of(tx, "SELECT max(number) FROM shifts"),
                who.station,
                rules.currency,
                str(round_money(opening_float, rules.currency)),
                to_us(tx.now),
                who.actor,
                json.dumps(open_orders(tx)),
                number_of(tx, "SELECT max(pk) FROM orders"),
                rules.prefix,
                last_number(tx, rules.prefix),
            ),
        )
        shift = _open(tx, who)
        tx.event(None, "shift_opened", who, {"number": str(shift.number), "float": str(opening_float)})
        tx.touch(None, Topic.SALES)
        return shift


def move_cash(
    store: Store, kind: MoveKind, amount: Decimal, reason: str, who: Who, *, origin: str = ""
) -> CashMove:
    """Note cash that is put into the drawer, or taken out, beside the sales."""
    with store.write(origin) as tx:
        permit(tx, who, Right.SHIFT)
        shift = _open(tx, who)
        _check_amount(amount, shift.currency, "amount", least=Decimal("0.000001"))
        move = CashMove(kind, round_money(amount, shift.currency), _reason(reason))
        _insert_move(tx, shift, move, who)
        params = {"way": kind.value, "amount": str(move.amount), "reason": move.reason}
        tx.event(None, "cash_moved", who, params)
        tx.touch(None, Topic.SALES)
        return move


def note_in_drawer(tx: Transaction, amount: Decimal, currency: str, reason: str, who: Who) -> bool:
    """Count cash of another act into the open shift of its station; below zero it goes out.

    Tell whether there is a shift in this currency to count it into.
    """
    shift = open_shift_of(tx, who.station)
    if shift is None or shift.currency != currency or not amount:
        return False
    kind = MoveKind.IN if amount > 0 else MoveKind.OUT
    _insert_move(tx, shift, CashMove(kind, abs(amount), reason[:LONGEST_REASON]), who)
    tx.touch(None, Topic.SALES)
    return True


def _insert_move(tx: Transaction, shift: ShiftRow, move: CashMove, who: Who) -> None:
    tx.execute(
        "INSERT INTO cash_moves(shift_pk, kind, amount, reason, at, actor, station) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (shift.pk, move.kind.value, str(move.amount), move.reason, to_us(tx.now), who.actor, who.station),
    )


def x_report(store: Store, who: Who, *, origin: str = "") -> ShiftReport:
    """Make a report of how the open shift stands; it is kept and nothing changes."""
    with store.write(origin) as tx:
        permit(tx, who, Right.SHIFT)
        shift = _open(tx, who)
        number = 1 + number_of(
            tx, "SELECT count(*) FROM shift_reports WHERE shift_pk = ? AND kind = 'X'", (shift.pk,)
        )
        report = _report(tx, shift, ReportKind.X, number, who)
        _keep(tx, shift, report)
        tx.touch(None, Topic.SALES)
        return report


def standing(reader: Reader, shift: ShiftRow, who: Who, made_at: str) -> ShiftReport:
    """Return how a shift stands, without keeping a report."""
    return _report_at(reader, shift, ReportKind.X, 0, who, made_at)


def close_shift(
    store: Store,
    counted: Counted,
    who: Who,
    *,
    reason: str = "",
    manager: Who | None = None,
    number: int | None = None,
    limit: Decimal = Decimal("0"),
    origin: str = "",
) -> ShiftReport:
    """Close the station's shift over a count of its drawer; return the Z report.

    `number` is the shift that was counted: another one, opened meanwhile, is not closed over that count.
    `limit` (0: none) is the difference in cash that needs no manager. Raises RefusedError when cash is over
    or short and no reason says why, when it is so by more than the limit, or the ledger of the orders has a
    gap, and no manager agrees.
    """
    with store.write(origin) as tx:
        permit(tx, who, Right.SHIFT)
        if number is not None:
            _check_still_open(tx, who.station, number)
        shift = _open(tx, who)
        check_count(counted, shift.currency)
        why = clean_line(reason)[:LONGEST_REASON]
        report = _report(tx, shift, ReportKind.Z, shift.number, who)
        difference = counted.total - report.expected_cash
        needed = right_to_close(report, difference, limit)
        if needed is not None and (vouches := permit(tx, who, needed)):
            manager = Who(vouches, who.station)
        _check_explained(report, difference, why, manager)
        if needed is Right.BIG_DIFFERENCE and manager is None:
            raise _unagreed(difference, limit, shift.currency)
        report = _counted(report, counted, difference, why, manager)
        _keep(tx, shift, report)
        tx.execute(
            "UPDATE shifts SET closed_at = ?, closed_by = ? WHERE pk = ?",
            (to_us(tx.now), who.actor, shift.pk),
        )
        params = {"number": str(shift.number), "difference": str(difference), "reason": why}
        tx.event(None, "shift_closed", who, params | ({"manager": manager.actor} if manager else {}))
        tx.touch(None, Topic.SALES)
        return report


def right_to_close(report: ShiftReport, difference: Decimal, limit: Decimal) -> Right | None:
    """Return what a manager has to agree to when a shift is closed over this difference, None: nothing."""
    if not report.custody.is_sound:
        return Right.SHIFT_GAP
    return Right.BIG_DIFFERENCE if 0 < limit < abs(difference) else None


def _unagreed(difference: Decimal, limit: Decimal, currency: str) -> RefusedError:
    word = "over" if difference > 0 else "short"
    return RefusedError(
        f"The drawer is {word} by {format_money(abs(difference), currency)}.",
        f"Above {format_money(limit, currency)}, a manager has to agree.",
        "Count again, or let a manager agree.",
        {"manager": "A manager has to agree."},
    )


def _check_still_open(tx: Transaction, station: str, number: int) -> None:
    now = open_shift_of(tx, station)
    if now is not None and now.number == number:
        return
    row = tx.one("SELECT closed_by FROM shifts WHERE number = ?", (number,))
    who = f"{row[0]} was faster: shift" if row and row[0] else "Shift"
    raise RefusedError(
        f"{who} {number} is closed already.",
        "This count was not used.",
        "Look at its Z report in the list of earlier shifts.",
    )


def _check_explained(report: ShiftReport, difference: Decimal, why: str, manager: Who | None) -> None:
    ledger = report.custody
    if not ledger.is_sound and (manager is None or not why):
        lost = f" These numbers have no order: {', '.join(ledger.lost[:10])}." if ledger.lost else ""
        if ledger.changes_lost:
            lost += f" Changes are missing: {', '.join(ledger.changes_lost[:10])}."
        raise RefusedError(
            "The orders of this shift do not add up.",
            f"{abs(ledger.gap)} cannot be accounted for.{lost}" if ledger.gap else lost.strip(),
            "A manager can close it with a reason.",
            {"manager": "A manager has to give a reason."},
        )
    if difference and not why:
        word = "over" if difference > 0 else "short"
        raise RefusedError(
            f"The drawer is {word} by {format_money(abs(difference), report.currency)}.",
            remedy="Count again, or say why.",
            fields={"reason": "Say why."},
        )


def _counted(
    report: ShiftReport, counted: Counted, difference: Decimal, why: str, manager: Who | None
) -> ShiftReport:
    return replace(
        report,
        counted_cash=round_money(counted.total, report.currency),
        difference=round_money(difference, report.currency),
        pieces=counted.pieces,
        reason=why,
        manager=manager.actor if manager else "",
    )


def _open(tx: Transaction, who: Who) -> ShiftRow:
    shift = open_shift_of(tx, who.station)
    if shift is None:
        raise RefusedError("No shift is open at this station.", remedy="Open one first.")
    return shift


def _report(tx: Transaction, shift: ShiftRow, kind: ReportKind, number: int, who: Who) -> ShiftReport:
    return _report_at(tx, shift, kind, number, who, tx.now.isoformat())


def _report_at(
    reader: Reader, shift: ShiftRow, kind: ReportKind, number: int, who: Who, made_at: str
) -> ShiftReport:
    payments = payments_of_shift(reader, shift.pk)
    moves = tuple(row.move for row in cash_moves(reader, shift.pk))
    found = figures(entries(reader, shift.pk), payments, moves)
    cancelled_count, cancelled_total = cancellations(reader, shift)
    unpaid_count, unpaid_total = unpaid(reader, shift)
    waiting, attention = queue_state(reader)
    return ShiftReport(
        kind=kind,
        number=number,
        shift=shift.number,
        station=shift.station,
        currency=shift.currency,
        opened_at=shift.opened_at.isoformat(),
        opened_by=shift.opened_by,
        made_at=made_at,
        made_by=who.actor,
        figures=found,
        refund_reasons=refund_reasons(payments),
        cancelled_count=cancelled_count,
        cancelled_total=cancelled_total,
        unpaid_count=unpaid_count,
        unpaid_total=unpaid_total,
        opening_float=shift.opening_float,
        expected_cash=shift.opening_float + found.cash,
        custody=custody(reader, shift),
        queue_waiting=waiting,
        queue_attention=attention,
        moves=moves,
    )


def _keep(tx: Transaction, shift: ShiftRow, report: ShiftReport) -> None:
    tx.execute(
        "INSERT INTO shift_reports(shift_pk, kind, number, made_at, content) VALUES (?, ?, ?, ?, ?)",
        (shift.pk, report.kind.value, report.number, to_us(tx.now), to_text(report)),
    )


def _check_amount(amount: Decimal, currency: str, name: str, *, least: Decimal) -> None:
    if not least <= amount <= MOST_CASH or amount != round_money(amount, currency):
        raise RefusedError("This is not an amount of cash.", fields={name: "This is not an amount."})


def _reason(text: str) -> str:
    reason = clean_line(text)
    if not reason or len(reason) > LONGEST_REASON:
        raise RefusedError("This needs a reason.", fields={"reason": "Say why."})
    return reason
