"""A labelled field: label above, help or the error sentence below, and a tag once it was changed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.ui.fonts import MEDIUM
from posapp.ui.widgets.chip import SMALL, Chip, ChipTone
from posapp.ui.widgets.inputs import ComboBox, TextInput
from posapp.ui.widgets.text import PlainLabel


class Field(QWidget):
    """Wraps an input with everything that explains it."""

    def __init__(
        self,
        label: str,
        editor: QWidget,
        parent: QWidget | None = None,
        *,
        help_text: str = "",
        required: bool = False,
    ) -> None:
        super().__init__(parent)
        self.editor = editor
        self._help = help_text
        self._label = PlainLabel(label, px=13, weight=MEDIUM, tone="text2")
        self._label.setBuddy(editor)
        self._changed = Chip(self.tr("changed"), tone=ChipTone.ACCENT, size=SMALL)
        policy = self._changed.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._changed.setSizePolicy(policy)
        self._changed.hide()
        self._below = PlainLabel("", px=12, weight=MEDIUM, tone="text3", wrap=True)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(4)
        head.addWidget(self._label)
        if required:
            star = PlainLabel("*", px=13, weight=MEDIUM, tone="danger_text")
            star.setAccessibleName(self.tr("required"))
            head.addWidget(star)
        head.addStretch(1)
        head.addWidget(self._changed, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(head)
        column.addWidget(editor)
        column.addWidget(self._below)
        if not editor.accessibleName():
            editor.setAccessibleName(label)
        self.set_error("")

    @property
    def error(self) -> str:
        """Return the error sentence, empty when all is well."""
        return self._below.text() if self._below.tone == "danger_text" else ""

    def set_error(self, sentence: str, *, from_server: bool = False) -> None:
        """Show what is wrong, in words and with the red border; an empty sentence clears it."""
        if sentence and from_server:
            sentence = self.tr("Server: %1").replace("%1", sentence)
        self._below.set_tone("danger_text" if sentence else "text3")
        self._below.setText(sentence or self._help)
        self._below.setVisible(bool(sentence or self._help))
        self.editor.setAccessibleDescription(sentence or self._help)
        if isinstance(self.editor, TextInput | ComboBox):
            self.editor.set_invalid(invalid=bool(sentence))

    def set_help(self, sentence: str) -> None:
        """Replace the help below; an error that is shown stays."""
        self._help = sentence
        if not self.error:
            self.set_error("")

    def set_changed(self, *, changed: bool) -> None:
        """Show or hide the tag of a value that is not saved yet."""
        self._changed.setVisible(changed)
