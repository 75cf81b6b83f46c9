"""Finding an order: as one types, with digits typed anywhere, and back again."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from posapp.domain.text import digits_of
from posapp.ui.screens.orders_reader import ListState
from tests.gui.orders.conftest import Desk


def test_the_last_four_digits_of_the_phone_open_the_only_hit(desk: Desk) -> None:
    for digit in "1806":
        desk.key(digit)

    assert desk.search.text() == "1806"
    desk.bot.waitUntil(lambda: desk.codes() == [desk.code("aigerim")])
    desk.bot.waitUntil(lambda: desk.shown() == desk.code("aigerim"))
    assert digits_of(desk.detail("aigerim").row.phone).endswith("1806")


def test_escape_clears_the_search_and_returns_to_where_one_was(desk: Desk) -> None:
    desk.open("timur")
    desk.key("/")
    assert desk.search.hasFocus()
    desk.type_text("данияр")
    desk.bot.waitUntil(lambda: desk.shown() == desk.code("danyar"))

    desk.key(Qt.Key.Key_Escape)

    desk.bot.waitUntil(lambda: desk.shown() == desk.code("timur"))
    assert desk.search.text() == ""
    assert desk.view.hasFocus()
    assert len(desk.codes()) == 17


def test_enter_in_the_search_commits_nothing(desk: Desk) -> None:
    for digit in "1806":
        desk.key(digit)
    desk.bot.waitUntil(lambda: desk.shown() == desk.code("aigerim"))

    desk.key(Qt.Key.Key_Return)
    desk.settle()

    assert desk.status("aigerim") == "created"
    assert desk.detail("aigerim").noticed_at is not None
    assert desk.view.hasFocus()


def test_the_newest_question_wins_and_typing_never_waits(desk: Desk) -> None:
    answers: list[ListState] = []
    desk.page._list.reader.arrived.connect(answers.append)
    desk.key("/")

    desk.type_text("Айгерим Сатпаева")
    assert desk.search.text() == "Айгерим Сатпаева"

    desk.bot.waitUntil(lambda: desk.codes() == [desk.code("aigerim")])
    assert len(answers) < len("Айгерим Сатпаева")


def test_digits_of_other_alphabets_are_digits(desk: Desk) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, 0x967, Qt.KeyboardModifier.NoModifier, "१")
    QApplication.sendEvent(desk.view, event)

    assert desk.search.text() == "1"


def test_nothing_found_offers_to_clear_the_search(desk: Desk) -> None:
    desk.key("/")
    desk.type_text("zzz")
    desk.bot.waitUntil(desk.page._column.empty.isVisible)
    assert desk.page._column.empty.title == "Nothing found for “zzz”"

    desk.page._column.search_left.emit("escape")

    desk.bot.waitUntil(desk.view.isVisible)
    assert len(desk.codes()) == 17
