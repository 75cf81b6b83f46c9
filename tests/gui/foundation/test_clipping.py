"""Nothing in the gallery is cut off, and the walker would notice if it were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posapp.ui.theme import ThemeName, apply_theme, load_theme
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.text import PlainLabel
from tests.gui.foundation import gallery
from tests.support.clipping import find_clipped

SHEETS = (gallery.components_sheet, gallery.orders_sheet, gallery.ConfirmSheet)


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_text_of_the_gallery_is_cut(
    sheet: Callable[[], QWidget], theme: ThemeName, qapp: QApplication, qtbot: QtBot
) -> None:
    apply_theme(qapp, load_theme(theme))
    page = sheet()
    qtbot.addWidget(page)
    page.show()
    qapp.processEvents()
    assert find_clipped(page) == []


def test_the_walker_finds_a_label_that_is_too_small(qtbot: QtBot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    box.resize(300, 60)
    label = PlainLabel("12 600 ₸ to collect", box)
    label.setGeometry(0, 0, 60, 20)
    box.show()
    assert [found.text for found in find_clipped(box)] == ["12 600 ₸ to collect"]


def test_the_walker_finds_a_button_that_is_too_small_and_one_that_hangs_out(qtbot: QtBot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    box.resize(300, 60)
    squeezed = Button("Start cooking", box)
    squeezed.setGeometry(0, 0, 50, 40)
    hanging = Button("Hand over", box)
    hanging.setGeometry(250, 0, 150, 40)
    box.show()
    found = {(one.text, one.why) for one in find_clipped(box)}
    assert ("Start cooking", "the widget is smaller than its text") in found
    assert ("Hand over", "it reaches out of the widget around it") in found


class ShownWindows(QObject):
    """Notes every widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(type(watched).__name__)
        return False


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_part_flashes_up_as_a_window_while_a_page_is_built(
    sheet: Callable[[], QWidget], qapp: QApplication, qtbot: QtBot
) -> None:
    shown = ShownWindows()
    qapp.installEventFilter(shown)
    qtbot.addWidget(sheet())
    qapp.processEvents()
    qapp.removeEventFilter(shown)
    assert shown.names == []


def test_the_gallery_writes_its_pictures(tmp_path: Path) -> None:
    files = gallery.render(tmp_path, ("light",))
    assert [QImage(str(file)).width() for file in files] == [1366, 1366, 480]
