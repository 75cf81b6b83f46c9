"""The list of keys that F1 shows."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from posapp.ui import fonts
from posapp.ui.keys import KeyGroup, KeyLine, key_groups, translate
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.keyhint import KeyHint
from posapp.ui.widgets.text import PlainLabel

_KEYS_WIDTH = 150


class KeymapDialog(Dialog):
    """All keys that work now, by place; without single letters where those are switched off."""

    def __init__(self, parent: QWidget, *, letters: bool = True) -> None:
        off = translate("keys", "Single letters are switched off in the settings.")
        title = translate("keys", "Keys")
        super().__init__(title, "" if letters else off, parent, icon="info-fill")
        self.setObjectName("keymapDialog")
        for group in key_groups():
            self._add_group(group, letters=letters)
        self.add_safe(self.tr("Close"))

    def _add_group(self, group: KeyGroup, *, letters: bool) -> None:
        lines = [line for line in (_shown(line, letters=letters) for line in group.lines) if line.keys]
        self.body.addWidget(PlainLabel(group.title, px=13, weight=fonts.BOLD, tone="text2"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(7)
        grid.setColumnMinimumWidth(0, _KEYS_WIDTH)
        grid.setColumnStretch(1, 1)
        for number, line in enumerate(lines):
            grid.addLayout(_hints(line.keys), number, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(PlainLabel(line.does, wrap=True), number, 1)
        self.body.addLayout(grid)


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
