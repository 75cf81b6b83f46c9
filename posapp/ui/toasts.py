"""Shows one message at a time over the page that is open, with its undo."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from posapp.ui.widgets.toast import Toast

Undo = Callable[[], object]


class Toasts(QObject):
    """Keeps the one toast of the window, which lies over whatever the page names."""

    def __init__(self, ground: QWidget, *, key: str) -> None:
        """Make the toast, hidden; `ground` holds all places over which it will lie."""
        super().__init__(ground)
        self._toast = Toast(ground)
        self._toast.actionTriggered.connect(self._act)
        self._toast.dismissed.connect(self._gone)
        self._undo: Undo | None = None
        self._key = key

    def show(self, anchor: QWidget, text: str, undo: Undo | None) -> None:
        """Show a message over `anchor`; `undo` is offered while it stands."""
        self._toast.lie_over(anchor)
        action = self.tr("Undo") if undo is not None else ""
        self._toast.show_message(text, action=action, key=self._key if undo is not None else "")
        self._undo = undo

    def set_key(self, key: str) -> None:
        """Name the key that undoes, "" when single letters are off."""
        self._key = key

    def undo(self) -> bool:
        """Do what the message offers; tell whether there was something."""
        undo = self._undo
        if undo is None:
            return False
        self._toast.dismiss()
        self._undo = None
        undo()
        return True

    def dismiss(self) -> None:
        """Take the message away."""
        self._toast.dismiss()
        self._undo = None

    def _act(self) -> None:
        undo, self._undo = self._undo, None
        if undo is not None:
            undo()

    def _gone(self) -> None:
        self._undo = None
