"""Closing a shift that only a manager may close: by name where nobody signs in, else by PIN in place."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from posapp.domain.people import Role
from posapp.domain.who import station_itself
from posapp.services import people, shifts
from posapp.storage.shifts import cash_moves, open_shift_of, reports
from posapp.storage.shifts import shifts as shift_rows
from posapp.ui.dialogs.document import DocumentDialog
from posapp.ui.people.approval import ApprovalDialog
from posapp.ui.people.lockscreen import LockScreen
from posapp.ui.people.persontile import PersonTile
from posapp.ui.shift.count import SUM, CountDialog
from posapp.ui.shift.dialogs import MoveDialog
from tests.gui.reports.conftest import Desk, Make
from tests.gui.reports.test_shift import at_shift, shown
from tests.support.shop_orders import put_in, remote_order

BOSS, CLERK, STATION = "735928", "1397", "counter-1"


def limited(make: Make) -> Desk:
    desk = make()
    desk.app.context.save_setting("sales", "difference_limit", 500)
    desk.rest()
    return desk


def with_people(desk: Desk) -> None:
    """Let a manager and a clerk work here; the clerk is at the window."""
    boss = people.add_person(desk.store, "Olga", Role.MANAGER, BOSS, station_itself(STATION))
    olga = people.sign_in(desk.store, boss.id, BOSS, STATION).who
    people.add_person(desk.store, "Aigerim", Role.COUNTER, CLERK, olga)
    lock = desk.find(LockScreen, "lockScreen")
    desk.until(lock.isVisible)
    desk.rest()
    tile = next(one for one in lock.findChildren(PersonTile) if one.person.name == "Aigerim")
    QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    for digit in CLERK:
        desk.press(Qt.Key(int(Qt.Key.Key_0) + int(digit)))
    desk.rest()
    assert not lock.isVisible()


def count(desk: Desk, sum_: str, reason: str) -> CountDialog:
    at_shift(desk)
    desk.click("closeShift")
    dialog = desk.dialog(CountDialog)
    dialog.way.set_value(SUM)
    dialog.way.valueChanged.emit(SUM)
    desk.enter("countSum", sum_)
    desk.enter("countReason", reason)
    return dialog


def z_of(desk: Desk) -> tuple[Decimal | None, str, str]:
    [row] = shift_rows(desk.store)
    [z] = reports(desk.store, row.pk)
    return z.difference, z.reason, z.manager


def begin(desk: Desk) -> None:
    ctx = desk.app.context
    shifts.open_shift(desk.store, Decimal(10_000), ctx.config.sale_rules, ctx.who)
    desk.rest()


def test_a_usual_reason_goes_on_by_enter_to_what_is_missing(make: Make) -> None:
    desk = make()
    begin(desk)
    at_shift(desk)
    desk.click("cashOut")
    dialog = desk.dialog(MoveDialog)
    desk.find(QWidget, "reason_To the bank").setFocus()
    desk.press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is dialog.amount_edit
    QTest.keyClicks(dialog.amount_edit, "12000")
    desk.find(QWidget, "reason_Supplier paid").setFocus()
    desk.press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is desk.find(QWidget, "moveCashNow")
    desk.press(Qt.Key.Key_Return)
    desk.rest()
    assert desk.dialogs() == []

    # More may leave than is known to be there: the drawer then says so, below zero.
    shift = open_shift_of(desk.store, STATION)
    assert shift is not None
    assert [row.move.reason for row in cash_moves(desk.store, shift.pk)] == ["Supplier paid"]
    assert shown(desk.page.shift.drawer.lines.text).split("\n")[-1] == "Should be in the drawer: −2 000 ₸"
    desk.click("cashIn")
    desk.enter("shiftAmount", "0")
    desk.enter("shiftReason", "Coins")
    desk.press(Qt.Key.Key_Return)
    assert desk.dialog(MoveDialog).fields["amount"].error == "Type a sum, such as 5000."


def test_a_manager_types_a_name_where_nobody_signs_in(make: Make) -> None:
    desk = limited(make)
    begin(desk)
    dialog = count(desk, "9 000", "a note is gone")
    said = desk.find(QLabel, "countAgree")
    assert shown(said.text()) == "A manager has to agree: it is more than 500 ₸."
    desk.click("closeShiftNow")
    assert dialog.isVisible()
    assert dialog.fields["manager"].error == "A manager has to agree."
    desk.enter("countSum", "9 600")
    assert not said.isVisible()
    desk.enter("countSum", "9 000")
    assert desk.clipped() == []
    desk.enter("countManager", "Olga")
    desk.press(Qt.Key.Key_Return)
    desk.dialog(DocumentDialog)
    assert z_of(desk) == (Decimal(-1000), "a note is gone", "Olga")


@pytest.mark.parametrize("gap", [False, True], ids=["difference", "ledger"])
def test_a_manager_approves_by_pin_in_place(make: Make, *, gap: bool) -> None:
    desk = limited(make)
    with_people(desk)
    gone = put_in(desk.store, remote_order("r1"))[0] if gap else 0
    begin(desk)
    if gap:
        with desk.store.write() as tx:
            tx.execute("DELETE FROM orders WHERE pk = ?", (gone,))
    dialog = count(desk, "10 000" if gap else "9 000", "restored a backup")
    assert not dialog.manager.isVisible()  # a name is no PIN
    assert desk.find(QLabel, "countAgree").isVisible()
    desk.press(Qt.Key.Key_Return)
    desk.rest()
    approval = desk.dialog(ApprovalDialog)
    words = "that does not add up" if gap else "over a difference as big as this"
    assert approval.windowTitle() == f"Closing a shift {words} needs a manager."

    QTest.keyClick(approval, Qt.Key.Key_Escape)
    desk.rest()
    assert dialog.isVisible()
    assert "needs a manager" in dialog.trouble
    assert open_shift_of(desk.store, STATION) is not None
    desk.click("closeShiftNow")
    QTest.keyClicks(desk.dialog(ApprovalDialog), BOSS)
    desk.until(lambda: open_shift_of(desk.store, STATION) is None)
    desk.dialog(DocumentDialog)
    assert z_of(desk) == (Decimal(0 if gap else -1000), "restored a backup", "Olga")
