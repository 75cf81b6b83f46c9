"""What a list or page shows when it has nothing to show: why, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.ui.fonts import BOLD
from posapp.ui.widgets.buttons import Button, ButtonLook
from posapp.ui.widgets.card import Icon
from posapp.ui.widgets.text import PlainLabel


class EmptyState(QWidget):
    """Icon, title, sentence, and one or two actions, whose buttons `add_action` gives."""

    def __init__(
        self,
        icon: str,
        title: str,
        sentence: str,
        parent: QWidget | None = None,
        *,
        tone: str = "border_strong",
    ) -> None:
        super().__init__(parent)
        centre = Qt.AlignmentFlag.AlignHCenter
        self._icon = Icon(icon, size=44, tone=tone)
        self._title = PlainLabel(title, px=16, weight=BOLD, wrap=True)
        self._sentence = PlainLabel(sentence, px=13, tone="text2", wrap=True)
        for label in (self._title, self._sentence):
            label.setAlignment(centre | Qt.AlignmentFlag.AlignVCenter)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(6)
        column.addStretch(1)
        column.addWidget(self._icon, 0, centre)
        column.addWidget(self._title)
        column.addWidget(self._sentence)
        column.addSpacing(4)
        actions = QHBoxLayout()
        actions.addStretch(1)
        actions.addLayout(self._actions)
        actions.addStretch(1)
        column.addLayout(actions)
        column.addStretch(1)

    @property
    def title(self) -> str:
        """Return the title."""
        return self._title.text()

    def show_words(self, icon: str, title: str, sentence: str, tone: str = "border_strong") -> None:
        """Show other words, for example when the list became empty for another reason."""
        self._icon.show_icon(icon, tone)
        self._title.setText(title)
        self._sentence.setText(sentence)

    def add_action(
        self, text: str, *, icon: str = "", key: str = "", look: ButtonLook = ButtonLook.TINT
    ) -> Button:
        """Add an action and return its button."""
        button = Button(text, look=look, icon=icon, key=key)
        self._actions.addWidget(button)
        return button

    def clear_actions(self) -> None:
        """Take all actions away."""
        while self._actions.count():
            item = self._actions.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
