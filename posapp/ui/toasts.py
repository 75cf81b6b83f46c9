"""Shows one message at a time over the page that is open, with its undo."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from posapp.ui.widgets.toast import Toast

Undo = Callable[[], object]


class Toasts(QObject):
    """Keeps a toast per place, of which at most one is shown."""

    def __init__(self, parent: QObject, *, key: str) -> None:
        super().__init__(parent)
        self._toasts: dict[int, Toast] = {}
        self._shown: Toast | None = None
        self._undo: Undo | None = None
        self._key = key

    def show(self, anchor: QWidget, text: str, undo: Undo | None) -> None:
        """Show a message over `anchor`; `undo` is offered while it stands."""
        toast = self._toast(anchor)
        if self._shown is not None and self._shown is not toast:
            self.dismiss()
        action = self.tr("Undo") if undo is not None else ""
        toast.show_message(text, action=action, key=self._key if undo is not None else "")
        self._shown, self._undo = toast, undo

    def set_key(self, key: str) -> None:
        """Name the key that undoes, "" when single letters are off."""
        self._key = key

    def undo(self) -> bool:
        """Do what the message offers; tell whether there was something."""
        toast, undo = self._shown, self._undo
        if toast is None or undo is None:
            return False
        toast.dismiss()
        self._shown = self._undo = None
        undo()
        return True

    def dismiss(self) -> None:
        """Take the message away."""
        if self._shown is not None and isValid(self._shown):
            self._shown.dismiss()
        self._shown = self._undo = None

    def _toast(self, anchor: QWidget) -> Toast:
        found = self._toasts.get(id(anchor))
        if found is None or not isValid(found) or found.parentWidget() is not anchor:
            found = Toast(anchor)
            found.actionTriggered.connect(self._act)
            found.dismissed.connect(self._gone)
            self._toasts[id(anchor)] = found
        return found

    def _act(self) -> None:
        undo, self._shown, self._undo = self._undo, None, None
        if undo is not None:
            undo()

    def _gone(self) -> None:
        if self.sender() is self._shown:
            self._shown = self._undo = None
