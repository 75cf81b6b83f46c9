"""The head and the foot of the editor: which order it is, what is not saved yet, and the acts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from posapp.domain.status import SyncState
from posapp.services.edit_form import EditForm
from posapp.ui.actwords import name_of
from posapp.ui.fonts import BOLD, SEMIBOLD
from posapp.ui.theme import current_theme
from posapp.ui.widgets.buttons import Button, ButtonLook, IconButton, quiet_button, secondary_button
from posapp.ui.widgets.card import Surface
from posapp.ui.widgets.chip import LARGE, Chip, ChipTone
from posapp.ui.widgets.paintkit import Painted, smooth
from posapp.ui.widgets.text import PlainLabel
from posapp.ui.words import source_icon, source_word

_HEAD, _FOOT, _BUTTON = 52, 72, 48
_LONGEST_BRAND = 28


class EditorHead(Surface):
    """Back, the order's code and status, and what the shop said of the last change."""

    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, line="bottom")
        self._form: EditForm | None = None
        self.back_button = IconButton("arrow-left", self.tr("Back to the list"), key="Esc")
        self.back_button.setObjectName("editorBackButton")
        self.back_button.clicked.connect(self.back_wanted)
        self._code = PlainLabel("", px=20, weight=BOLD)
        self._code.setObjectName("editorCode")
        self._chips = [Chip(size=LARGE) for _ in range(4)]
        self._status, self._source, self._brand, self.sync_chip = self._chips
        self.sync_chip.setObjectName("editorSyncChip")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 20, 1)
        row.setSpacing(10)
        row.addWidget(self.back_button)
        row.addWidget(PlainLabel(self.tr("Edit order"), px=16, tone="text2"))
        row.addWidget(self._code)
        for chip in self._chips[:3]:
            row.addWidget(chip)
        row.addStretch(1)
        row.addWidget(self.sync_chip)
        for chip in self._chips:
            chip.hide()
        self.setFixedHeight(max(current_theme().px(_HEAD), current_theme().control + 8))

    def show_form(self, form: EditForm) -> None:
        """Show which order it is, and how it stands with the shop."""
        if form is self._form:
            return
        self._form = form
        self._code.setText(name_of(form.code))
        self._status.show_status(form.status.value)
        source = form.source or ("counter" if form.remote is None else "")
        self._source.show_text(source_word(source), f"{source_icon(source)}-fill")
        short = form.brand if len(form.brand) <= _LONGEST_BRAND else f"{form.brand[: _LONGEST_BRAND - 1]}…"
        self._brand.show_text(short, "storefront-fill")
        for chip in self._chips[:2]:
            chip.show()
        self._brand.setVisible(bool(short))
        if form.conflicts:
            self.sync_chip.show_sync(SyncState.CONFLICT)
        else:
            self.sync_chip.show_text(
                self.tr("Last change refused by server"), "cloud-warning-fill", ChipTone.DANGER
            )
        self.sync_chip.setVisible(bool(form.conflicts or form.refused or form.refusal))


class _Dot(Painted):
    """The amber dot of changes that are not saved."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(10, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = smooth(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(current_theme().palette.warn)
        painter.drawEllipse(QRect(0, 0, 10, 10))
        painter.end()


class EditorFoot(Surface):
    """What is not saved yet, and Revert, Close, Save."""

    revert_wanted = Signal()
    close_wanted = Signal()
    save_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, line="top")
        self._dot = _Dot()
        self._count = PlainLabel("", px=15, weight=SEMIBOLD)
        self._count.setObjectName("unsavedCount")
        self._what = PlainLabel("", px=13, tone="text2", elide=True)
        self._what.setObjectName("unsavedSummary")
        self.revert_button = quiet_button(
            self.tr("Revert"), icon="arrow-counter-clockwise", key="Ctrl+R", height=_BUTTON
        )
        self.revert_button.setObjectName("editorRevertButton")
        self.close_button = secondary_button(self.tr("Close"), key="Esc", height=_BUTTON)
        self.close_button.setObjectName("editorCloseButton")
        self.save_button = Button(
            self.tr("Save order"),
            look=ButtonLook.PRIMARY,
            icon="check-bold",
            key="Ctrl+S",
            height=_BUTTON,
            px=14,
        )
        self.save_button.setObjectName("editorSaveButton")
        self.revert_button.clicked.connect(self.revert_wanted)
        self.close_button.clicked.connect(self.close_wanted)
        self.save_button.clicked.connect(self.save_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 1, 20, 0)
        row.setSpacing(12)
        row.addWidget(self._dot)
        row.addWidget(self._count)
        row.addWidget(self._what, 1)
        row.addWidget(self.revert_button)
        row.addWidget(self.close_button)
        row.addWidget(self.save_button)
        self.setFixedHeight(max(current_theme().px(_FOOT), current_theme().px(_BUTTON) + 16))

    def show_changes(self, count: int, words: Sequence[str]) -> None:
        """Tell how many changes are not saved, and which."""
        text = self.tr("1 unsaved change") if count == 1 else self.tr("%1 unsaved changes")
        self._count.setText(text.replace("%1", str(count)) if count else self.tr("No unsaved changes"))
        self._count.set_tone("text" if count else "text2")
        self._what.setText(" · ".join(words))
        self._dot.setVisible(bool(count))
        self.revert_button.setEnabled(bool(count))
