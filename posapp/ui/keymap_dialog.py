"""The list of keys that F1 shows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations_with_replacement, pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from posapp.ui import fonts
from posapp.ui.keys import KeyGroup, KeyLine, key_groups, translate
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.keyhint import KeyHint
from posapp.ui.widgets.text import PlainLabel

_KEYS_WIDTH = 130
_WIDTH = 1230
_COLUMNS = 3
_AROUND = 190  # the rest of the dialog, and a margin


class KeymapDialog(Dialog):
    """All keys that work now, by place; without single letters where those are switched off."""

    def __init__(self, parent: QWidget, *, letters: bool = True) -> None:
        off = translate("keys", "Single letters are switched off in the settings.")
        title = translate("keys", "Keys")
        super().__init__(title, "" if letters else off, parent, icon="info-fill")
        self.setObjectName("keymapDialog")
        self.setFixedWidth(min(_WIDTH, parent.window().width() - 48))
        inner = QWidget()
        columns = QHBoxLayout(inner)
        columns.setContentsMargins(0, 0, 12, 0)
        columns.setSpacing(32)
        for groups in _in_columns(key_groups()):
            column = QVBoxLayout()
            column.setSpacing(12)
            for group in groups:
                self._add_group(column, group, letters=letters)
            column.addStretch(1)
            columns.addLayout(column, 1)
        self._area = area = QScrollArea()
        area.setObjectName("keymapArea")
        area.setAccessibleName(title)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        inner.setAutoFillBackground(False)  # which the area has just switched on
        area.viewport().setAutoFillBackground(False)
        self.body.addWidget(area)
        self.add_safe(self.tr("Close"))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        inner, parent, layout = self._area.widget(), self.parentWidget(), self.layout()
        if inner is None or parent is None or layout is None:
            return
        # As high as the window allows; what does not fit is scrolled.
        wanted = inner.heightForWidth(self.width() - 40)
        self._area.setFixedHeight(min(wanted, max(200, parent.window().height() - _AROUND)))
        layout.invalidate()
        layout.activate()
        # Qt gives a dialog two thirds of the screen at most, which squeezes the lines.
        self.setMinimumHeight(layout.totalHeightForWidth(self.width()))

    def _add_group(self, column: QVBoxLayout, group: KeyGroup, *, letters: bool) -> None:
        lines = [line for line in (_shown(line, letters=letters) for line in group.lines) if line.keys]
        column.addWidget(PlainLabel(group.title, px=13, weight=fonts.BOLD, tone="text2"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(7)
        grid.setColumnMinimumWidth(0, _KEYS_WIDTH)
        grid.setColumnStretch(1, 1)
        for number, line in enumerate(lines):
            grid.addLayout(_hints(line.keys), number, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(PlainLabel(line.does, wrap=True), number, 1)
        column.addLayout(grid)


def _in_columns(groups: Sequence[KeyGroup]) -> list[Sequence[KeyGroup]]:
    """Share the places among the columns, in their order, so that the highest is as low as possible."""

    def shares(cuts: tuple[int, ...]) -> list[Sequence[KeyGroup]]:
        edges = (0, *cuts, len(groups))
        return [groups[start:end] for start, end in pairwise(edges)]

    def height(some: Sequence[KeyGroup]) -> int:
        return sum(len(group.lines) + 1 for group in some)

    every = combinations_with_replacement(range(len(groups) + 1), _COLUMNS - 1)
    best = min(every, key=lambda cuts: max(height(share) for share in shares(cuts)))
    return [share for share in shares(best) if share]


def _shown(line: KeyLine, *, letters: bool) -> KeyLine:
    if letters or not line.single:
        return line
    return KeyLine(tuple(key for key in line.keys if len(key) > 1), line.does)


def _hints(keys: tuple[str, ...]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(5)
    for key in keys:
        row.addWidget(KeyHint(key))
    row.addStretch(1)
    return row
