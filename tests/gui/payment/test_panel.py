"""The payment panel: what people type and click, and what it tells to be taken."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.errors import RefusedError
from posapp.domain.status import PaymentMethod
from posapp.ui.payment.till import Way
from posapp.ui.theme import ThemeName, apply_theme, load_theme
from posapp.ui.widgets.dialog import Dialog
from tests.gui.payment.conftest import Till, configured
from tests.support.clipping import find_clipped

CASH, CARD = PaymentMethod.CASH, PaymentMethod.CARD
LEFT = Qt.MouseButton.LeftButton


def d(text: str) -> Decimal:
    return Decimal(text)


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def test_cash_is_exact_until_somebody_types(till: Till) -> None:
    panel = till.panel
    assert plain(panel.amount.text) == "6 470"
    assert panel.remark.text() == "exact by default"
    assert plain(panel.box.sum) == "0 ₸"
    assert plain(panel.take_button.label) == "Take payment · 6 470 ₸"

    QTest.keyClick(panel, Qt.Key.Key_F12)

    [[tender]] = till.taken
    assert (tender.method, tender.amount, tender.tendered) == (CASH, None, d("6470.00"))


def test_what_is_typed_gives_change_large_and_with_its_sum(till: Till) -> None:
    till.type("10000")

    assert plain(till.panel.amount.text) == "10 000"
    assert (till.panel.box.title, plain(till.panel.box.sum)) == ("Change", "3 530 ₸")
    assert plain(till.panel.box.detail) == "10 000 − 6 470"
    till.key(Qt.Key.Key_Return)
    assert till.taken[0][0].tendered == d("10000")


def test_quick_notes_and_the_pad_do_the_same_with_the_mouse(till: Till) -> None:
    panel = till.panel
    assert [plain(note.label) for note in panel.quick.notes] == ["Exact", "7 000", "10 000", "20 000"]
    till.click("quick_2")
    assert plain(panel.box.sum) == "3 530 ₸"
    assert [note.chosen for note in panel.quick.notes] == [False, False, True, False]
    till.click("quick_0")
    for name in ("key_7", "key_5", "key_00", "key_back"):
        till.click(name)
    assert plain(panel.amount.text) == "750"
    for name in ("key_0", "key_0"):
        till.click(name)

    QTest.mouseClick(panel.take_button, LEFT)
    assert till.taken[0][0].tendered == d("75000")


def test_backspace_held_down_clears_all(till: Till) -> None:
    till.type("1234")
    back = till.panel.pad.keys["back"]
    QTest.mousePress(back, LEFT)
    till.bot.waitUntil(lambda: plain(till.panel.amount.text) == "6 470")
    QTest.mouseRelease(back, LEFT)

    assert till.panel.till.typed == ""


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("007", "7"), ("1.", "1."), ("1,5", "1.5"), ("1.2345", "1.23"), ("1..2", "1.2"), (".5", "0.5")],
)
def test_only_amounts_can_be_typed(till: Till, typed: str, shown: str) -> None:
    till.type(typed)

    assert till.panel.amount.text == shown


def test_nobody_types_more_than_a_billion(till: Till) -> None:
    till.type("1234567890123")

    assert plain(till.panel.amount.text) == "123 456 789"


def test_less_than_the_total_is_a_part_and_the_rest_may_come_by_card(till: Till) -> None:
    panel = till.panel
    till.type("3000")
    assert (panel.box.title, plain(panel.box.sum)) == ("Still to pay", "3 470 ₸")
    assert plain(panel.take_button.label) == "Take a part · 3 000 ₸"
    till.key(Qt.Key.Key_F12)
    assert till.taken == []
    assert plain(panel.parts.text()) == "Taken: 3 000 ₸ cash"
    assert plain(panel.amount.text) == "3 470"

    till.rested()
    till.key(Qt.Key.Key_F10)
    QTest.keyClicks(panel.reference, "0077")
    assert (panel.box.title, plain(panel.box.sum)) == ("To charge", "3 470 ₸")
    till.key(Qt.Key.Key_Return)

    [parts] = till.taken
    assert [(part.method, part.amount, part.tendered) for part in parts] == [
        (CASH, d("3000"), d("3000")),
        (CARD, d("3470.00"), None),
    ]
    assert parts[1].reference == "0077"


def test_parts_can_be_started_over_and_the_rest_be_paid_later(till: Till) -> None:
    till.type("3000")
    till.key(Qt.Key.Key_F12)
    QTest.mouseClick(till.panel.over_button, LEFT)
    assert plain(till.panel.amount.text) == "6 470"
    till.rested()
    till.type("1000")
    till.key(Qt.Key.Key_F12)
    till.rested()
    QTest.mouseClick(till.panel.ways.segments[2], LEFT)
    assert till.panel.take_button.label == "Save, rest is paid later"

    QTest.mouseClick(till.panel.take_button, LEFT)
    assert [part.amount for part in till.taken[0]] == [d("1000")]


def test_what_a_card_was_charged_is_not_forgotten_by_a_slip(till: Till) -> None:
    till.key(Qt.Key.Key_F10)
    till.type("1000")
    till.key(Qt.Key.Key_F12)
    assert plain(till.panel.parts.text()) == "Taken: 1 000 ₸ card"
    QTest.mouseClick(till.panel.over_button, LEFT)
    dialog = till.panel.findChild(Dialog, "giveBackDialog")
    assert dialog is not None
    dialog.reject()  # which is what Enter and Esc do
    assert till.panel.till.held == d("1000")

    till.rested()
    QTest.mouseClick(till.panel.ways.segments[2], LEFT)
    till.key(Qt.Key.Key_F12)
    assert [(part.method, part.amount) for part in till.taken[0]] == [(CARD, d("1000"))]


def test_pay_later_takes_nothing(till: Till) -> None:
    QTest.mouseClick(till.panel.ways.segments[2], LEFT)
    till.key(Qt.Key.Key_F12)

    assert till.taken == [()]


def test_three_people_pay_equal_shares_each_in_the_own_way(till: Till) -> None:
    panel = till.panel
    menu = panel.people_menu()
    assert plain(menu.actions()[1].text()) == "3 people · 2 156.66 ₸ each"
    menu.actions()[1].trigger()
    assert panel.remark.text() == "person 1/3"
    for key in (Qt.Key.Key_F9, Qt.Key.Key_F10, Qt.Key.Key_F9):
        till.key(key)
        till.key(Qt.Key.Key_F12)
        till.rested()

    [parts] = till.taken
    assert [(part.method, part.amount, part.person) for part in parts] == [
        (CASH, d("2156.67"), "1/3"),
        (CARD, d("2156.67"), "2/3"),
        (CASH, d("2156.66"), "3/3"),
    ]


def test_whoever_gives_less_than_the_own_share_still_owes_it(till: Till) -> None:
    till.panel.people_menu().actions()[0].trigger()
    till.type("3000")
    till.key(Qt.Key.Key_F12)

    assert till.panel.till.person == "1/2"
    assert plain(till.panel.amount.text) == "235"


def test_a_card_gives_no_change(till: Till) -> None:
    till.key(Qt.Key.Key_F10)
    till.type("9000")
    assert "There is no change on a card" in till.panel.box.title
    assert not till.panel.take_button.isEnabled()

    till.key(Qt.Key.Key_F12)
    assert till.taken == []


def test_a_key_that_is_held_pays_once(till: Till) -> None:
    for number in range(5):
        press = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_F12, Qt.KeyboardModifier.NoModifier, "", autorep=number > 0
        )
        QApplication.sendEvent(till.panel, press)
        till.panel.set_busy(False)

    assert len(till.taken) == 1


def test_a_double_click_pays_once_even_if_the_first_was_quick(till: Till) -> None:
    till.panel.take_wanted.connect(lambda _tenders: till.panel.set_busy(False))
    QTest.mouseClick(till.panel.take_button, LEFT)
    QTest.mouseDClick(till.panel.take_button, LEFT)

    assert len(till.taken) == 1


def test_two_presses_in_a_moment_do_not_take_the_rest_too(till: Till) -> None:
    till.type("3000")
    till.key(Qt.Key.Key_F12)
    till.key(Qt.Key.Key_F12)

    assert till.taken == []
    assert till.panel.till.held == d("3000")


def test_while_a_payment_is_on_its_way_nothing_changes(till: Till) -> None:
    till.type("7000")
    till.key(Qt.Key.Key_F12)
    assert till.panel.busy
    assert till.panel.take_button.label == "Saving…"
    till.type("9")
    till.key(Qt.Key.Key_F12)
    assert till.panel.till.typed == "7000"

    till.panel.show_problem(RefusedError("No shift is open at this station.", remedy="Open one, then sell."))
    assert till.panel.box.tone == "danger"
    assert "Open one, then sell." in till.panel.box.detail
    assert till.panel.till.typed == "7000", "nobody types it again"
    till.rested()
    till.key(Qt.Key.Key_F12)
    assert len(till.taken) == 2


def test_clear_goes_back_to_cash_and_exact(till: Till) -> None:
    till.key(Qt.Key.Key_F10)
    QTest.keyClicks(till.panel.reference, "12")
    till.key(Qt.Key.Key_F12)
    till.panel.clear()
    till.panel.put_due(d("100"), "KZT")

    assert (till.panel.till.way, till.panel.reference.text(), till.panel.busy) == (Way.CASH, "", False)
    assert plain(till.panel.amount.text) == "100"


def test_nothing_to_pay_takes_nothing(till: Till) -> None:
    till.panel.put_due(None, "KZT")
    till.key(Qt.Key.Key_F12)
    assert till.taken == []
    assert not till.panel.take_button.isEnabled()

    till.panel.put_due(d("0"), "KZT")
    QTest.keyClick(till.panel, Qt.Key.Key_F12)
    assert till.taken == [()], "a cart that costs nothing is finished without money"


def test_another_dish_keeps_the_note_in_the_hand(till: Till) -> None:
    till.type("10000")
    till.panel.put_due(d("7160"), "KZT")

    assert plain(till.panel.box.sum) == "2 840 ₸"


def test_digits_elsewhere_are_not_for_the_panel(till: Till) -> None:
    press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_5, Qt.KeyboardModifier.NoModifier, "5")
    till.panel.setFocus()
    till.card.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    till.card.setFocus()

    assert not till.panel.handle_key(press)
    assert till.panel.till.typed == ""


def test_cash_is_rounded_to_the_coins_there_are_and_says_so(till: Till) -> None:
    till.ctx.put_config(configured(cash_rounding="KZT=5"))
    till.panel.put_due(d("6472.60"), "KZT")
    assert plain(till.panel.amount.text) == "6 475"
    assert plain(till.panel.remark.text()) == "rounding +2.40 ₸"
    till.key(Qt.Key.Key_F12)
    assert till.taken[0][0].tendered == d("6475")
    till.panel.clear()
    till.key(Qt.Key.Key_F10)
    assert plain(till.panel.amount.text) == "6 472.60"


def test_tips_are_asked_for_only_where_the_shop_takes_them(till: Till) -> None:
    assert not till.panel.tip_button.isVisible()
    till.ctx.put_config(configured(tips=True))
    assert till.panel.tip_button.isVisible()

    QTest.mouseClick(till.panel.tip_button, LEFT)
    till.type("530")
    QTest.mouseClick(till.panel.tip_button, LEFT)
    assert plain(till.panel.amount.text) == "7 000"
    till.key(Qt.Key.Key_F12)
    assert (till.taken[0][0].tip, till.taken[0][0].tendered) == (d("530"), d("7000.00"))


def test_currencies_with_small_coins_have_a_point(till: Till) -> None:
    till.panel.put_due(d("17.20"), "USD")
    assert till.panel.pad.keys["00"].label == "."
    for name in ("key_2", "key_00", "key_5"):
        till.click(name)

    assert till.panel.amount.text == "2.5"


def test_every_control_has_a_name(till: Till) -> None:
    panel = till.panel
    for part in (panel.amount, panel.ways, panel.pad, panel.box, panel.reference, panel.take_button):
        assert part.accessibleName()
    assert plain(panel.amount.accessibleName()) == "Customer gives: 6 470 ₸"
    assert all(key.accessibleName() for key in panel.pad.keys.values())


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("touch", [False, True])
def test_nothing_is_cut_off(till: Till, theme: ThemeName, scale: float, touch: bool) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    try:
        apply_theme(app, load_theme(theme, scale=scale, touch=touch))
        for due, typed in (("6470", "10000"), ("123456789.50", "200000000"), ("6470", "3")):
            till.panel.clear()
            till.panel.put_due(d(due), "KZT")
            till.type(typed)
            QApplication.processEvents()
            assert find_clipped(till.card) == []
        till.key(Qt.Key.Key_F10)
        QApplication.processEvents()
        assert find_clipped(till.card) == []
    finally:
        apply_theme(app, load_theme("light"))


def test_what_waits_fits_into_the_orders_window(till: Till) -> None:
    """The keys and the change are there without scrolling at the smallest usual screen."""
    till.type("10000")
    QApplication.processEvents()
    high = till.panel.take_button.mapTo(till.card, till.panel.take_button.rect().bottomLeft()).y()
    last = till.panel.pad.mapTo(till.card, till.panel.pad.rect().bottomLeft()).y()

    assert last < till.panel.box.mapTo(till.card, till.panel.box.rect().topLeft()).y()
    assert high < till.card.height()
