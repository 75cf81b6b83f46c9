"""Shifts: what a drawer should hold, what X and Z say, and what has to be explained."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from posapp.domain.discount import Discount, DiscountKind
from posapp.domain.errors import RefusedError
from posapp.domain.people import NotAllowedError, Right, Role
from posapp.domain.shift import Counted, Figures, MoveKind, ReportKind, ShiftReport
from posapp.domain.status import PaymentMethod, Status
from posapp.domain.who import Who, station_itself
from posapp.services import counter, orders, payments, people, shifts
from posapp.storage.shifts import cash_moves, entries, open_shift_of, reports
from posapp.storage.shifts import shifts as all_shifts
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, Clock, put_in, remote_order
from tests.support.till import CARD, CASH, RULES, a_line, a_sale
from tests.support.triggers import drop_trigger

MANAGER = Who("marat", "counter-1")
FLOAT = Decimal("10000")


def counted(amount: str) -> Counted:
    return Counted(sum=Decimal(amount))


def test_a_day_at_the_drawer(store: Store) -> None:
    shift = shifts.open_shift(store, FLOAT, RULES, ANNA)
    off = Discount(DiscountKind.AMOUNT, Decimal("100"), promo="friends")
    counter.sell(
        store,
        a_sale(a_line(quantity=2, tax_percent=Decimal("12")), discounts=(off,)),
        RULES,
        ANNA,
        tenders=[CASH],
    )
    card = counter.sell(store, a_sale(), RULES, ANNA, tenders=[CARD])
    counter.sell(store, a_sale(a_line("700")), RULES, ANNA)
    shifts.move_cash(store, MoveKind.OUT, Decimal("3000"), "to the bank", ANNA)
    shifts.move_cash(store, MoveKind.IN, Decimal("500"), "coins", ANNA)
    payments.refund_order(
        store, card.pk, RULES, ANNA, reason="burnt", amount=Decimal("600"), method=PaymentMethod.CARD
    )
    gone = counter.sell(store, a_sale(a_line("50")), RULES, ANNA)
    orders.move(store, gone.pk, Status.CANCELLED, ANNA)

    x = shifts.x_report(store, ANNA)
    assert (x.kind, x.number, x.shift) == (ReportKind.X, 1, shift.number)
    assert (x.figures.sale_count, x.figures.gross, x.figures.discount, x.figures.total) == (
        4, Decimal("8550.00"), Decimal("100.00"), Decimal("8450.00"),
    )  # fmt: skip
    assert x.expected_cash == FLOAT + 5100 - 3000 + 500
    assert [(each.method, each.sales, each.refunds) for each in x.figures.methods] == [
        ("card", Decimal("2600.00"), Decimal("600.00")),
        ("cash", Decimal("5100.00"), 0),
    ]
    assert [(share.percent, share.tax) for share in x.figures.taxes] == [(Decimal("12"), Decimal("546.43"))]
    assert [(share.name, share.amount) for share in x.figures.discounts] == [("friends", Decimal("100.00"))]
    assert [(share.name, share.amount) for share in x.refund_reasons] == [("burnt", Decimal("600.00"))]
    assert (x.cancelled_count, x.cancelled_total) == (1, Decimal("50.00"))
    assert (x.unpaid_count, x.unpaid_total) == (1, Decimal("700.00"))
    assert x.custody.is_sound
    assert (x.custody.arrived, x.custody.cancelled, x.custody.open) == (4, 1, 3)
    assert x.figures.cash == Decimal("2600.00")
    assert [row.move.reason for row in cash_moves(store, shift.pk)] == ["to the bank", "coins"]


def test_x_and_later_sales_are_z_and_both_are_kept(store: Store) -> None:
    shift = shifts.open_shift(store, FLOAT, RULES, ANNA)
    counter.sell(store, a_sale(), RULES, ANNA, tenders=[CASH])
    x = shifts.x_report(store, ANNA)
    sold = counter.sell(store, a_sale(a_line("333.33", 3)), RULES, ANNA, tenders=[CARD])
    counter.edit_sale(store, sold.pk, a_sale(a_line("1200.00")), RULES, ANNA)
    payments.pay(store, sold.pk, [CASH], RULES, ANNA)

    z = shifts.close_shift(store, counted("12800.01"), ANNA)
    later = entries(store, shift.pk)[1:]
    assert x.figures.sale_count + sum(entry.count for entry in later) == z.figures.sale_count == 2
    assert x.figures.total + sum(entry.total for entry in later) == z.figures.total == Decimal("3800.00")
    assert (z.number, z.difference, z.counted_cash) == (
        shift.number, Decimal(0), Decimal("12800.01"),
    )  # fmt: skip
    assert reports(store, shift.pk) == (x, z)
    assert z.figures != Figures()
    assert open_shift_of(store, "counter-1") is None
    second = shifts.open_shift(store, FLOAT, RULES, ANNA)
    assert second.number == shift.number + 1
    assert [row.number for row in all_shifts(store)] == [2, 1]


def test_over_and_short_want_a_reason(store: Store) -> None:
    shifts.open_shift(store, FLOAT, RULES, ANNA)
    with pytest.raises(RefusedError, match=r"over by 5"):
        shifts.close_shift(store, counted("10005"), ANNA)
    with pytest.raises(RefusedError, match=r"short by 5") as caught:
        shifts.close_shift(store, counted("9995"), ANNA)
    assert caught.value.fields == {"reason": "Say why."}
    assert open_shift_of(store, "counter-1") is not None

    pieces = ((Decimal("5000"), 1), (Decimal("2000"), 2), (Decimal("5"), 199))
    z = shifts.close_shift(store, Counted(pieces), ANNA, reason=" a coin fell\nbehind ")
    assert (z.difference, z.reason, z.pieces) == (Decimal("-5.00"), "a coin fell behind", pieces)


def test_a_big_difference_wants_a_manager_as_well(store: Store) -> None:
    shifts.open_shift(store, FLOAT, RULES, ANNA)
    limit = Decimal(500)
    with pytest.raises(RefusedError, match=r"Above 500.₸, a manager") as caught:
        shifts.close_shift(store, counted("9499"), ANNA, reason="lost", limit=limit)
    assert caught.value.fields == {"manager": "A manager has to agree."}
    with pytest.raises(RefusedError) as caught:  # nor does a manager spare the reason
        shifts.close_shift(store, counted("10501"), ANNA, manager=MANAGER, limit=limit)
    assert caught.value.fields == {"reason": "Say why."}

    z = shifts.close_shift(store, counted("9499"), ANNA, reason="lost", manager=MANAGER, limit=limit)
    assert (z.difference, z.manager) == (Decimal("-501.00"), "marat")
    shifts.open_shift(store, FLOAT, RULES, ANNA)
    assert shifts.close_shift(store, counted("10500"), ANNA, reason="tip", limit=limit).manager == ""


def test_where_people_sign_in_a_big_difference_is_approved_by_pin(store: Store) -> None:
    boss = people.add_person(store, "Olga", Role.MANAGER, "735928", station_itself("counter-1"))
    olga = people.sign_in(store, boss.id, "735928", "counter-1").who
    aigerim = people.add_person(store, "Aigerim", Role.COUNTER, "1397", olga)
    who = people.sign_in(store, aigerim.id, "1397", "counter-1").who
    shifts.open_shift(store, FLOAT, RULES, who)

    def close() -> ShiftReport:
        # A name that is typed is no PIN.
        return shifts.close_shift(
            store, counted("9000"), who, reason="lost", manager=MANAGER, limit=Decimal(500)
        )

    with pytest.raises(NotAllowedError) as caught:
        close()
    assert caught.value.right is Right.BIG_DIFFERENCE
    assert open_shift_of(store, "counter-1") is not None
    people.approve(store, boss.id, "735928", Right.BIG_DIFFERENCE, who)

    assert close().manager == "Olga"
    (told,) = store.all("SELECT actor, params FROM events WHERE kind = 'shift_closed'")
    assert told[0] == "Aigerim"
    assert "Olga" in told[1]
    shifts.open_shift(store, FLOAT, RULES, olga)
    z = shifts.close_shift(store, counted("9000"), olga, reason="lost", limit=Decimal(500))
    assert z.manager == "Olga"


def test_an_order_that_is_gone_wants_a_manager(store: Store) -> None:
    (pk,) = put_in(store, remote_order("r1"))
    shifts.open_shift(store, FLOAT, RULES, ANNA)
    with store.write() as tx:
        tx.execute("DELETE FROM orders WHERE pk = ?", (pk,))
    for more in ({}, {"reason": "lost"}, {"manager": MANAGER}):
        with pytest.raises(RefusedError, match="do not add up"):
            shifts.close_shift(store, counted("10000"), ANNA, **more)

    z = shifts.close_shift(store, counted("10000"), ANNA, reason="restored a backup", manager=MANAGER)
    assert (z.custody.carried, z.custody.gap, z.manager) == (1, 1, "marat")


def test_a_number_without_an_order_wants_a_manager(store: Store) -> None:
    shifts.open_shift(store, FLOAT, RULES, ANNA)
    sold = counter.sell(store, a_sale(), RULES, ANNA)
    with store.write() as tx:
        drop_trigger(tx, "sale_entries_fixed_delete", "sale_entries")
        tx.execute("DELETE FROM sale_entries")
        tx.execute("DELETE FROM orders WHERE pk = ?", (sold.pk,))
    with pytest.raises(RefusedError, match=r"C1-001"):
        shifts.close_shift(store, counted("10000"), ANNA)


def test_the_ledger_follows_orders_over_shifts(store: Store, clock: Clock) -> None:
    put_in(store, remote_order("r1"), remote_order("r2", status="delivered"))
    shift = shifts.open_shift(store, FLOAT, RULES, ANNA)
    clock.pass_by(minutes=1)
    one, two = put_in(store, remote_order("r3"), remote_order("r4"))
    for pk, status in ((one, Status.ACCEPTED), (one, Status.COOKING), (two, Status.CANCELLED)):
        orders.move(store, pk, status, ANNA)
    z = shifts.close_shift(store, counted("10000"), ANNA)
    ledger = z.custody
    assert (ledger.carried, ledger.arrived, ledger.cancelled, ledger.open, ledger.gap) == (1, 2, 1, 2, 0)
    assert shift.carried == (1,)

    clock.pass_by(minutes=1)
    shifts.open_shift(store, FLOAT, RULES, ANNA)
    clock.pass_by(minutes=1)
    orders.undo(store, two, ANNA)
    ledger = shifts.x_report(store, ANNA).custody
    assert (ledger.carried, ledger.reopened, ledger.open, ledger.gap) == (2, 1, 3, 0)
    assert z.queue_waiting == 3


def test_numbers_of_a_shop_leave_no_gap(store: Store) -> None:
    shifts.open_shift(store, FLOAT, RULES, ANNA)
    put_in(store, remote_order("r1", code="C1-001"))
    counter.sell(store, a_sale(), RULES, ANNA)

    assert shifts.x_report(store, ANNA).custody.is_sound


def test_selling_may_need_a_shift(store: Store) -> None:
    strict = replace(RULES, shift_required=True)
    with pytest.raises(RefusedError, match="No shift is open"):
        counter.sell(store, a_sale(), strict, ANNA)
    with pytest.raises(RefusedError, match="No shift is open"):
        shifts.x_report(store, ANNA)
    with pytest.raises(RefusedError, match="No shift is open"):
        shifts.move_cash(store, MoveKind.IN, Decimal("1"), "x", ANNA)
    free = counter.sell(store, a_sale(), RULES, ANNA, tenders=[CASH])
    shifts.open_shift(store, FLOAT, strict, ANNA)
    counter.sell(store, a_sale(), strict, ANNA, tenders=[CASH])

    assert shifts.x_report(store, ANNA).figures.sale_count == 1
    # What was sold without a shift is given back within this one.
    payments.refund_order(store, free.pk, strict, ANNA, reason="cold")
    assert shifts.x_report(store, ANNA).expected_cash == FLOAT
    assert [report.number for report in reports(store, 1)] == [1, 2]


def test_each_station_has_its_own_drawer(store: Store) -> None:
    bar = Who("boris", "bar")
    shifts.open_shift(store, FLOAT, RULES, ANNA)
    with pytest.raises(RefusedError, match="already"):
        shifts.open_shift(store, FLOAT, RULES, ANNA)
    shifts.open_shift(store, Decimal("0"), RULES, bar)
    counter.sell(store, a_sale(), replace(RULES, prefix="B"), bar, tenders=[CASH])

    assert shifts.x_report(store, ANNA).expected_cash == FLOAT
    assert shifts.x_report(store, bar).expected_cash == Decimal("2600.00")


@pytest.mark.parametrize(
    ("amount", "reason"), [("0", "x"), ("-5", "x"), ("5", " "), ("0.001", "x"), ("5", "x" * 201)]
)
def test_cash_is_not_moved_without_amount_and_reason(store: Store, amount: str, reason: str) -> None:
    shifts.open_shift(store, FLOAT, RULES, ANNA)
    with pytest.raises(RefusedError):
        shifts.move_cash(store, MoveKind.IN, Decimal(amount), reason, ANNA)


def test_the_drawer_holds_one_currency(store: Store) -> None:
    shifts.open_shift(store, FLOAT, RULES, ANNA)
    with pytest.raises(RefusedError, match="KZT"):
        counter.sell(store, a_sale(), replace(RULES, currency="NPR"), ANNA)
    with pytest.raises(RefusedError):
        shifts.open_shift(store, Decimal("-1"), RULES, Who("x", "other"))
