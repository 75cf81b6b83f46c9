"""The parts that posapp stands on have the properties that were found by measuring."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

import peewee
import pytest
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

ROUNDS = 10_000
# What the interpreter itself may let go meanwhile.
DRIFT = 200
# Enough spare references that a part which loses them fails the test instead of ending the process.
SPARE = [None, True, False] * (10 * ROUNDS)

OLDEST_SOUND_SQLITE = (3, 51, 3)


class Sender(QObject):
    """Emits what the program emits."""

    nothing = Signal()
    truth = Signal(bool)
    anything = Signal(object)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Answer as an event filter does that lets everything pass."""
        return False


def counts() -> dict[str, int]:
    """Count the references to the three things that calls answer most."""
    return {"None": sys.getrefcount(None), "True": sys.getrefcount(True), "False": sys.getrefcount(False)}


def lost(action: Callable[[], object]) -> dict[str, int]:
    """Repeat an action and answer how many references each of the three lost, beyond the drift.

    Since Python 3.12 the three are immortal: their counts move without meaning, and living through all rounds
    is the whole test.
    """
    action()
    gc.collect()
    before = counts()
    for _ in range(ROUNDS):
        action()
    gc.collect()
    after = counts()
    if sys.version_info >= (3, 12):
        return {}
    return {name: before[name] - after[name] for name in before if before[name] - after[name] > DRIFT}


@pytest.mark.parametrize("value", [None, True, False])
def test_emitting_keeps_references(qtbot: QtBot, value: bool | None) -> None:
    sender = Sender()
    seen = 0

    def slot(*_: object) -> None:
        nonlocal seen
        seen += 1

    sender.nothing.connect(slot)
    sender.truth.connect(slot)
    sender.anything.connect(slot)

    def action() -> None:
        sender.nothing.emit()
        sender.truth.emit(bool(value))
        sender.anything.emit(value)

    assert lost(action) == {}
    assert seen == 3 * (ROUNDS + 1)


def test_calls_that_answer_nothing_or_a_truth_value_keep_references(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)

    def action() -> None:
        widget.update()
        widget.setEnabled(True)
        widget.setVisible(False)
        widget.setProperty("tone", None)
        widget.property("tone")
        widget.isVisible()
        widget.parent()

    assert lost(action) == {}


def test_overridden_methods_that_qt_calls_keep_references(qtbot: QtBot) -> None:
    widget, watcher = QWidget(), Sender()
    qtbot.addWidget(widget)
    widget.installEventFilter(watcher)

    def action() -> None:
        widget.event(QEvent(QEvent.Type.User))
        widget.setWindowTitle("")
        widget.setEnabled(not widget.isEnabled())

    assert lost(action) == {}


def test_the_database_library_uses_an_sqlite_without_the_wal_fault() -> None:
    database = peewee.SqliteDatabase(":memory:")
    try:
        [version] = database.connection().execute("select sqlite_version()").fetchone()
    finally:
        database.close()

    assert tuple(map(int, version.split("."))) >= OLDEST_SOUND_SQLITE
