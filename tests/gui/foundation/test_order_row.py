"""A row of the list says what it must, in words, colours and to screen readers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from posapp.domain.timing import Age
from posapp.storage.rows import OrderRow
from posapp.ui.delegates.age import age_of, duration_text
from posapp.ui.delegates.order_row import OrderRowDelegate
from posapp.ui.delegates.rowtext import payment_line, row_accessible_text
from posapp.ui.moneytext import money_text
from posapp.ui.theme import current_theme
from tests.gui.foundation.gallery import NOW, ZONE, Rows, make_list, make_row

_WIDTH = 576


def a_row(status: str = "cooking", **more: object) -> OrderRow:
    row = make_row("4823", status, "Айгерим Сатпаева", "Самал-2, 77", "7460.00")
    return replace(row, **more)  # type: ignore[arg-type]


def age_text(row: OrderRow) -> str:
    return age_of(row, NOW, ZONE).text


def test_a_new_order_counts_seconds_and_others_minutes() -> None:
    since = NOW - timedelta(minutes=2, seconds=14)
    assert age_text(a_row("created", age_from=since)) == "2:14"
    assert age_text(a_row("cooking", age_from=since)) == "2 min"
    assert age_text(a_row("created", age_from=NOW - timedelta(minutes=12))) == "12 min"
    assert age_text(a_row("cooking", age_from=NOW - timedelta(minutes=185))) == "3 h 05 min"


def test_a_clock_that_runs_ahead_shows_no_negative_age() -> None:
    assert age_text(a_row("created", age_from=NOW + timedelta(minutes=3))) == "0:00"


def test_two_thresholds_make_an_age_urgent() -> None:
    def level(minutes: float, target_s: int = 900) -> Age:
        return age_of(a_row(age_from=NOW - timedelta(minutes=minutes), target_s=target_s), NOW, ZONE).level

    assert [level(10), level(10.1), level(15), level(15.1)] == [Age.OK, Age.WARN, Age.WARN, Age.LATE]
    assert level(500, target_s=0) is Age.OK


def test_a_scheduled_order_shows_its_time_in_the_shops_zone_and_the_day_when_it_is_another() -> None:
    today = a_row("timing", due_at=datetime(2026, 11, 22, 15, 30, tzinfo=UTC), age_from=None)
    tomorrow = a_row("timing", due_at=datetime(2026, 11, 23, 15, 30, tzinfo=UTC), age_from=None)
    planned = a_row("timing", planned_at=datetime(2026, 11, 22, 16, 0, tzinfo=UTC), due_at=today.due_at)
    assert age_text(today) == "20:30"
    assert age_text(tomorrow) == "23 Nov 20:30"
    assert age_text(planned) == "21:00"
    assert age_of(tomorrow, datetime(2026, 11, 23, 15, 31, tzinfo=UTC), ZONE).level is Age.LATE


def test_a_finished_order_shows_when_it_was_closed() -> None:
    row = a_row("delivered", closed_at=datetime(2026, 11, 22, 14, 5, tzinfo=UTC))
    assert age_text(row) == "19:05"


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (599, "9:59"), (600, "10 min"), (5999, "99 min")])
def test_exact_durations(seconds: int, text: str) -> None:
    assert duration_text(seconds, exact=True) == text


def test_long_waits_are_told_in_days() -> None:
    assert duration_text(3 * 86_400 + 7200, exact=False) == "3 d 2 h"


@pytest.mark.parametrize(
    ("fields", "text", "tone"),
    [
        ({}, "Paid · card", "ok"),
        ({"payment_status": "unpaid"}, "Unpaid", "warn"),
        ({"payment_status": "waiting_for_payment"}, "Unpaid", "warn"),
        ({"payment_status": "failed"}, "Payment failed", "danger"),
        ({"payment_method": "cash"}, "Cash", "text2"),
        ({"payment_method": "cash", "change_from": "7460"}, "Cash · exact", "text2"),
        ({"payment_method": "cash", "change_from": "10000"}, "Cash · from 10\u202f000", "text2"),
        ({"payment_method": "cash", "change_from": "5000"}, "Cash · from 5\u202f000", "warn"),
        ({"payment_method": "cash", "change_from": "ask"}, "Cash", "text2"),
    ],
)
def test_the_payment_line_never_calls_cash_paid(fields: dict[str, str], text: str, tone: str) -> None:
    line = payment_line(a_row(**fields))
    assert (line.text, line.tone) == (text, tone)


def test_money_has_narrow_groups_and_keeps_what_is_no_amount() -> None:
    assert money_text("12600.00", "KZT") == "12\u202f600\u00a0₸"
    assert money_text("1250", "NPR") == "Rs\u00a01,250"
    assert money_text("free?", "KZT") == "free?"


def test_a_screen_reader_hears_the_whole_row() -> None:
    row = a_row(
        age_from=NOW - timedelta(minutes=17),
        sync="failed",
        sync_reason="District is not served.",
        unacknowledged=True,
    )
    spoken = row_accessible_text(row, NOW, ZONE)
    for part in (
        "4823",
        "Cooking",
        "17 min, late",
        "Айгерим Сатпаева",
        "Самал-2",
        "₸",
        "Sync failed",
        "District is not served.",
        "not yet seen",
    ):
        assert part in spoken


def painted(row: OrderRow, state: QStyle.StateFlag = QStyle.StateFlag.State_None) -> QImage:
    view = make_list([row])
    delegate = view.itemDelegate()
    assert isinstance(delegate, OrderRowDelegate)
    delegate.set_keyboard_focus(on=True)
    image = QImage(QSize(_WIDTH, 70), QImage.Format.Format_ARGB32)
    option = QStyleOptionViewItem()
    option.rect = image.rect()
    option.state = state
    painter = QPainter(image)
    delegate.paint(painter, option, view.model().index(0, 0))
    painter.end()
    return image


def inks(image: QImage, left: int, top: int, right: int, bottom: int) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(left, right) for y in range(top, bottom)}


def test_the_stripe_wears_the_colour_of_the_status() -> None:
    for status, look in current_theme().status.items():
        assert painted(a_row(status)).pixelColor(QPoint(1, 30)) == look.solid


def test_selection_and_hover_fill_the_row() -> None:
    colours, state = current_theme().palette, QStyle.StateFlag
    assert painted(a_row()).pixelColor(130, 60) == colours.surface
    assert painted(a_row(), state.State_Selected).pixelColor(130, 60) == colours.selected
    assert painted(a_row(), state.State_MouseOver).pixelColor(130, 60) == colours.hover


def test_the_focus_ring_is_two_pixels_wide() -> None:
    focus = current_theme().palette.focus
    image = painted(a_row(), QStyle.StateFlag.State_HasFocus)
    assert [image.pixelColor(x, 60) == focus for x in range(5, 9)] == [False, True, True, False]


def test_a_late_order_shows_red_and_an_early_one_does_not() -> None:
    danger = current_theme().palette.danger.name()
    late = painted(a_row(age_from=NOW - timedelta(minutes=17)))
    early = painted(a_row(age_from=NOW - timedelta(minutes=3)))
    assert danger in inks(late, 16, 42, 34, 62)
    assert danger not in inks(early, 16, 42, 34, 62)


def test_only_an_order_that_nobody_has_seen_carries_the_dot() -> None:
    solid = current_theme().status["created"].solid.name()
    beside_chip = (84, 20, 100, 34)
    assert solid in inks(painted(a_row("created", unacknowledged=True)), *beside_chip)
    assert solid not in inks(painted(a_row("created")), *beside_chip)


def test_a_very_long_name_never_reaches_the_money() -> None:
    long = "Абдурахманова-Сейткалиева Айгерим " * 4
    plain, crowded = painted(a_row()), painted(a_row(customer_name=long, address=long))
    money = [
        (x, y)
        for x in range(_WIDTH - 134, _WIDTH)
        for y in range(10, 36)
        if plain.pixelColor(x, y) != current_theme().palette.surface
    ]
    assert money
    left = min(x for x, _ in money)
    assert all(
        plain.pixelColor(x, y) == crowded.pixelColor(x, y)
        for x in range(left - 6, _WIDTH)
        for y in range(10, 36)
    )


def test_hostile_text_is_painted_as_text() -> None:
    row = a_row(customer_name="NO ONIONS <table> allergy: nuts\nsecond line", address="<b>x</b>&lt;")
    assert painted(row) != painted(a_row())


def test_sync_states_that_need_a_person_are_coloured() -> None:
    conflict = current_theme().sync["conflict"].solid.name()
    assert conflict in inks(painted(a_row(sync="conflict")), 540, 20, 566, 50)
    assert conflict not in inks(painted(a_row()), 540, 20, 566, 50)


def test_rows_have_the_height_of_the_design(qtbot: QtBot) -> None:
    view = make_list()
    qtbot.addWidget(view)
    view.resize(_WIDTH, 564)
    view.show()
    assert view.sizeHintForRow(0) == 70
    assert view.visualRect(view.model().index(7, 0)).bottom() < 564
    assert view.verticalScrollMode() == QAbstractItemView.ScrollMode.ScrollPerItem


def test_the_model_gives_the_spoken_row() -> None:
    model = Rows([a_row()])
    spoken = model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert "Айгерим" in str(spoken)
