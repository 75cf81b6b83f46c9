"""The shift in the window: opened, sold over, cash in and out, counted, closed, printed and printed again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from posapp.domain.shift import Counted, MoveKind
from posapp.domain.tickets import JobState
from posapp.domain.who import Who
from posapp.services import counter, payments, shifts
from posapp.storage.printing import job_rows
from posapp.storage.shifts import open_shift_of, reports
from posapp.storage.shifts import shifts as shift_rows
from posapp.ui.dialogs.document import DocumentDialog
from posapp.ui.reports.head import SHIFT
from posapp.ui.shift.count import CountDialog
from posapp.ui.shift.dialogs import MoveDialog, OpenDialog
from posapp.ui.shift.item import ShiftItem
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.controls import Stepper
from tests.gui.reports.conftest import Desk, Make
from tests.support.escpos_reader import read_ticket
from tests.support.glyphs import missing
from tests.support.till import CARD, CASH, a_line, a_sale

CTRL = Qt.KeyboardModifier.ControlModifier


def at_shift(desk: Desk) -> Desk:
    QTest.mouseClick(desk.page.head.tab.segments[1], Qt.MouseButton.LeftButton)
    desk.rest()
    assert desk.page.head.tab.value() == SHIFT
    return desk


def opened(desk: Desk, amount: str = "10000") -> Desk:
    at_shift(desk)
    desk.click("openShift")
    desk.enter("shiftAmount", amount)
    desk.press(Qt.Key.Key_Return)
    desk.rest()
    assert desk.dialogs() == []
    return desk


def sold(desk: Desk, price: str, quantity: int = 1, *, card: bool = False) -> int:
    rules = desk.app.context.config.sale_rules
    line = a_line(price, quantity, tax_percent=Decimal(12))
    who = desk.app.context.who
    pk = counter.sell(desk.store, a_sale(line), rules, who, tenders=[CARD if card else CASH]).pk
    desk.rest()
    return pk


def shown(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def lines(desk: Desk, name: str) -> list[str]:
    panel = desk.page.shift
    found = {"drawer": panel.drawer.lines, "takings": panel.takings.lines, "orders": panel.orders.lines}
    return shown(found[name].text).split("\n")


def test_the_drawer_says_apart_what_rounding_brought(desk: Desk) -> None:
    opened(desk)
    who, coins = desk.app.context.who, replace(desk.app.context.config.sale_rules, cash_step=Decimal(1))
    sale = a_sale(a_line("100.10", 3))
    pk = counter.sell(desk.store, sale, coins, who, tenders=[CASH]).pk
    payments.refund_lines(desk.store, pk, [(0, 1)], coins, who, reason="cold")
    desk.rest()
    assert lines(desk, "drawer") == [
        "At the beginning: 10 000 ₸", "Cash from sales: 300.30 ₸", "Given back in cash: −100.10 ₸",
        "Rounding: −0.20 ₸", "Should be in the drawer: 10 200 ₸",
    ]  # fmt: skip


def test_a_whole_shift_through_the_window_adds_up_on_paper(desk: Desk) -> None:
    at_shift(desk)
    desk.click("openShift")
    dialog = desk.dialog(OpenDialog)
    dialog.amount_edit.clear()
    for key in ("key_1", "key_0", "key_00", "key_0"):
        desk.click(key)
    assert shown(dialog.said.text()) == "10 000 ₸"
    desk.click("openShiftNow")
    assert [shown(text) for text in desk.messages] == ["Shift 1 is open with 10 000 ₸"]

    first = sold(desk, "2600", 2)
    sold(desk, "1300", card=True)
    desk.click("cashOut")
    desk.enter("shiftAmount", "3 000")
    desk.enter("shiftReason", "To the bank")
    desk.click("moveCashNow")
    rules, who = desk.app.context.config.sale_rules, desk.app.context.who
    payments.refund_lines(desk.store, first, [(0, 1)], rules, who, reason="cold")
    desk.rest()
    assert lines(desk, "drawer") == [
        "At the beginning: 10 000 ₸", "Cash from sales: 5 200 ₸", "Given back in cash: −2 600 ₸",
        "Out: To the bank: −3 000 ₸", "Should be in the drawer: 9 600 ₸",
    ]  # fmt: skip
    assert "Total: 6 500 ₸" in lines(desk, "takings")
    assert "Given back: cold: 2 600 ₸" in lines(desk, "takings")
    assert lines(desk, "orders")[-1] == "Still open: 2"

    desk.click("closeShift")
    count = desk.dialog(CountDialog)
    note = desk.find(Stepper, "pieces_5000")
    QTest.mouseClick(note.lineEdit(), Qt.MouseButton.LeftButton, pos=QPoint(2, 8))
    desk.rest()
    QTest.keyClicks(note, "1")  # in the place of the nought
    notes = desk.find(Stepper, "pieces_2000")
    for _ in range(2):
        QTest.mouseClick(
            notes, Qt.MouseButton.LeftButton, pos=QPoint(notes.width() - 10, notes.height() // 2)
        )
    desk.find(Stepper, "pieces_500").setValue(1)
    assert shown(desk.find(QLabel, "countVerdict").text()) == "100 ₸ short"
    desk.click("closeShiftNow")
    assert count.isVisible()  # a difference needs a reason
    assert count.fields["reason"].error == "Say why. Or count again."
    desk.enter("countReason", "one note is missing")
    desk.click("closeShiftNow")

    paper = desk.dialog(DocumentDialog)
    assert paper.windowTitle() == "Z 1"
    QTest.keyClick(paper.print_button, Qt.Key.Key_Return)
    desk.until(lambda: [job.state for job in job_rows(desk.store)] == [JobState.DONE])
    words = read_ticket(desk.paper.read_bytes())
    wanted = (
        "Z 1 Sales 2 6 500 including tax 12 % 696.43 Card: 1 1 300 Cash: 1 5 200 given back: 1 -2 600 cold "
        "At the beginning 10 000 To the bank -3 000 Expected 9 600 1 x 5 000 2 x 2 000 Counted 9 500 "
        "Short -100 Reason: one note is missing Arrived Still open"
    )
    assert missing(words, wanted) == []
    [row] = shift_rows(desk.store)
    [z] = reports(desk.store, row.pk)
    assert (z.counted_cash, z.difference, z.expected_cash) == (Decimal(9500), Decimal(-100), Decimal(9600))
    assert z.custody.is_sound
    desk.rest()
    assert desk.page.shift.open_button.isVisible()
    assert [shown(option.right) for option in desk.page.shift.list.options] == ["−100 ₸"]


def test_a_z_is_printed_again_as_a_copy_and_an_old_one_too(desk: Desk) -> None:
    opened(desk)
    who = desk.app.context.who
    shifts.close_shift(desk.store, Counted(sum=Decimal(10_000)), who)
    desk.rest()
    texts = []
    for days in (0, 0, 40):
        desk.clock.now += timedelta(days=days)
        if days:
            with desk.store.write() as tx:
                tx.execute("DELETE FROM print_jobs")  # what the queue does by itself after a month
        desk.page.shift.list.chosen.emit(desk.page.shift.list.options[0])
        dialog = desk.dialog(DocumentDialog)
        said = desk.find(QLabel, "printRemark").text()
        before = desk.paper.read_bytes() if desk.paper.exists() else b""
        QTest.keyClick(dialog.print_button, Qt.Key.Key_Return)
        desk.until(lambda: all(job.state is JobState.DONE for job in job_rows(desk.store)))
        desk.rest()
        texts.append((said, "COPY" in read_ticket(desk.paper.read_bytes()[len(before) :]).text))
    assert texts == [("", False)] + [("This was printed before: it is marked COPY.", True)] * 2


def test_an_x_shows_and_changes_nothing(desk: Desk) -> None:
    opened(desk)
    sold(desk, "2600")
    desk.page.setFocus()
    desk.press(Qt.Key.Key_P, CTRL)
    dialog = desk.dialog(DocumentDialog)
    assert dialog.windowTitle() == "X 1 of shift 1"
    assert "Expected 12 600" in shown(dialog.view.text)
    desk.press(Qt.Key.Key_Escape)
    desk.rest()
    assert open_shift_of(desk.store, desk.app.context.config.station) is not None
    assert desk.clipped() == []


def test_mistakes_are_told_where_they_were_made(desk: Desk) -> None:
    at_shift(desk)
    desk.click("openShift")
    desk.enter("shiftAmount", "ten")
    desk.press(Qt.Key.Key_Return)
    dialog = desk.dialog(OpenDialog)
    assert dialog.fields["opening_float"].error == "Type a sum, such as 10000."
    assert desk.clipped() == []
    desk.enter("shiftAmount", "9999999999")
    desk.press(Qt.Key.Key_Return)
    desk.rest()
    assert dialog.fields["opening_float"].error == "This is not an amount."  # what the service said
    desk.enter("shiftAmount", "500")
    desk.press(Qt.Key.Key_Return)
    desk.rest()

    desk.click("cashIn")
    desk.click("moveCashNow")
    move = desk.dialog(MoveDialog)
    assert {name: field.error for name, field in move.fields.items()} == {
        "amount": "Type a sum, such as 5000.", "reason": "Say what for.",
    }  # fmt: skip
    assert desk.clipped() == []
    desk.enter("shiftAmount", "250.50")
    desk.enter("shiftReason", "Change from the bank")
    desk.press(Qt.Key.Key_Return)
    desk.rest()
    assert lines(desk, "drawer")[1:] == [
        "In: Change from the bank: +250.50 ₸", "Should be in the drawer: 750.50 ₸",
    ]  # fmt: skip
    desk.click("closeShift")
    QTest.mouseClick(desk.dialog(CountDialog).way.segments[1], Qt.MouseButton.LeftButton)
    desk.click("closeShiftNow")
    assert desk.dialog(CountDialog).fields["counted"].error == "Type a sum, such as 42000."
    desk.enter("countSum", "750,50")
    assert desk.find(QLabel, "countVerdict").text() == "It is exact."
    desk.press(Qt.Key.Key_Return)
    assert desk.dialog(DocumentDialog).windowTitle() == "Z 1"


def test_a_key_that_is_held_down_opens_nothing(desk: Desk) -> None:
    at_shift(desk)
    desk.page.shift.open_button.setFocus()
    desk.press(Qt.Key.Key_Return)
    dialog = desk.dialog(OpenDialog)
    held = QKeyEvent(
        QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", autorep=True
    )
    QApplication.sendEvent(dialog.amount_edit, held)
    desk.rest()
    assert dialog.isVisible()
    assert shift_rows(desk.store) == ()
    desk.press(Qt.Key.Key_Return)
    desk.rest()
    assert len(shift_rows(desk.store)) == 1


def test_who_closes_second_is_told_who_was_faster(make: Make) -> None:
    desk = opened(make())
    desk.click("closeShift")
    count = desk.dialog(CountDialog)
    QTest.mouseClick(count.way.segments[1], Qt.MouseButton.LeftButton)
    desk.enter("countSum", "10000")
    station = desk.app.context.config.station
    shifts.close_shift(desk.store, Counted(sum=Decimal(10_000)), Who("Aigerim", station))
    shifts.open_shift(
        desk.store, Decimal(10_000), desk.app.context.config.sale_rules, Who("Aigerim", station)
    )
    desk.click("closeShiftNow")

    assert count.isVisible()
    assert count.trouble == (
        "Aigerim was faster: shift 1 is closed already. This count was not used. "
        "Look at its Z report in the list of earlier shifts."
    )
    assert desk.clipped() == []
    assert [row.closed_at is None for row in shift_rows(desk.store)] == [True, False]  # the new one is open


def test_what_is_sold_while_somebody_counts_is_expected_too(desk: Desk) -> None:
    opened(desk)
    desk.click("closeShift")
    count = desk.dialog(CountDialog)
    QTest.mouseClick(count.way.segments[1], Qt.MouseButton.LeftButton)
    desk.enter("countSum", "12600")
    assert shown(desk.find(QLabel, "countVerdict").text()) == "2 600 ₸ over"
    sold(desk, "2600")
    desk.until(lambda: desk.find(QLabel, "countVerdict").text() == "It is exact.")
    assert shown(count.expected.value) == "12 600 ₸"


def test_a_gap_in_the_orders_needs_a_manager(desk: Desk) -> None:
    opened(desk)
    sold(desk, "2600")
    with desk.store.write() as tx:  # as a damaged database would have it
        tx.execute("UPDATE sale_numbers SET last = last + 1")
    desk.rest()
    desk.page.shift.refresh()
    desk.rest()
    assert "Numbers without an order" in desk.find(Banner, "shiftCustody").accessibleName()
    desk.click("closeShift")
    count = desk.dialog(CountDialog)
    QTest.mouseClick(count.way.segments[1], Qt.MouseButton.LeftButton)
    desk.enter("countSum", "12600")
    desk.click("closeShiftNow")
    assert count.fields["reason"].error
    desk.enter("countReason", "the computer died")
    desk.click("closeShiftNow")
    assert count.fields["manager"].error == "A manager has to agree."
    assert desk.clipped() == []
    desk.enter("countManager", "Dana")
    desk.click("closeShiftNow")
    dialog = desk.dialog(DocumentDialog)
    assert "Agreed by Dana" in dialog.view.text


def test_a_shift_at_another_station_is_seen(desk: Desk) -> None:
    other = Who("Bek", "counter-2")
    shifts.open_shift(desk.store, Decimal(100), desk.app.context.config.sale_rules, other)
    at_shift(desk)
    banner = desk.find(Banner, "shiftElsewhere")
    assert banner.isVisible()
    assert "counter-2 (open since 19:42)" in banner.accessibleName()
    assert desk.page.shift.open_button.isVisible()


def test_one_click_leads_here_from_where_one_sells(desk: Desk) -> None:
    item = desk.find(ShiftItem, "shiftItem")
    assert not item.isVisible()  # the tab is here
    desk.app.show_screen("new")
    desk.until(item.isVisible)
    assert item.label == "No shift is open"
    who = desk.app.context.who
    shifts.open_shift(desk.store, Decimal(100), desk.app.context.config.sale_rules, who)
    desk.until(lambda: item.label == "Shift open since 19:42")
    QTest.mouseClick(item, Qt.MouseButton.LeftButton)
    desk.rest()
    assert desk.app.window.screen_key == "reports"
    assert desk.page.shift.isVisible()
    desk.until(lambda: not item.isVisible())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_of_the_shift_is_cut_off(make: Make, theme: str) -> None:
    desk = opened(make(theme=theme), "123456789")
    sold(desk, "99999999.50", 3)
    who = desk.app.context.who
    long = "Cash taken to the bank by the evening manager, who signed for it in the book"
    shifts.move_cash(desk.store, MoveKind.OUT, Decimal("999999.50"), long, who)
    assert desk.clipped() == []
    desk.click("closeShift")
    assert desk.clipped() == []
    for row in ("pieces_20000", "pieces_1"):
        desk.find(Stepper, row).setValue(9999)
    assert desk.clipped() == []
    desk.enter("countReason", "too much")
    desk.click("closeShiftNow")
    desk.press(Qt.Key.Key_Escape)
    assert desk.clipped() == []


def test_large_text_of_the_shift_scrolls(make: Make) -> None:
    desk = opened(make(scale=150))
    sold(desk, "2600")
    assert desk.clipped() == []
    desk.click("closeShift")
    assert desk.clipped() == []
    dialog = desk.dialog(CountDialog)
    assert dialog.height() <= 768
