"""What is asked before the window closes while something still waits."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtWidgets import QWidget

from posapp.ui.away.words import kept_count
from posapp.ui.context import Context
from posapp.ui.shell_state import ShellState, StateReader
from posapp.ui.widgets.buttons import ButtonLook
from posapp.ui.widgets.dialog import Dialog

translate = QCoreApplication.translate


def needs_asking(state: ShellState | None, kept: int = 0) -> bool:
    """Tell whether closing now would leave changes unsent or active orders without a bell."""
    return state is not None and bool(state.summary.waiting or state.active or kept)


def closing_sentences(state: ShellState, kept: int = 0) -> tuple[str, ...]:
    """Return what waits, what is safe, and that nothing will ring; `kept`: only on this computer."""
    sentences = []
    if kept:
        safe = translate("closing", "%1 and go in at the next start.")
        sentences.append(safe.replace("%1", kept_count(kept)))
    if state.summary.waiting:
        sentences.append(
            _count(
                state.summary.waiting,
                translate("closing", "1 change has not reached the shop yet."),
                translate("closing", "%1 changes have not reached the shop yet."),
            )
        )
        sentences.append(translate("closing", "It is all saved on this PC and goes out at the next start."))
    if state.active:
        sentences.append(
            _count(
                state.active,
                translate("closing", "1 order is still active."),
                translate("closing", "%1 orders are still active."),
            )
        )
    sentences.append(translate("closing", "While posapp is closed, no new order rings here."))
    return tuple(sentences)


class Shell(Protocol):
    """What the question needs of the window."""

    ctx: Context
    reader: StateReader

    def open_dialog(self, dialog: Dialog) -> None:
        """Open a dialog over the window."""

    def close_now(self) -> None:
        """Close without asking."""


class ClosingGate(QObject):
    """Asks before the window closes while something waits; once, however often it is closed meanwhile."""

    def __init__(self, shell: Shell, window: QWidget) -> None:
        super().__init__(window)
        self._shell, self._window = shell, window
        self._dialog: ClosingDialog | None = None

    def lets_through(self) -> bool:
        """Tell whether the window may close; else the person is asked."""
        state, kept = self._shell.reader.state, self._shell.ctx.away.kept.all
        if state is None or not needs_asking(state, kept):
            return True
        if self._dialog is None:
            self._dialog = ClosingDialog(state, kept, self._window)
            self._dialog.finished.connect(self._answered)
            self._shell.open_dialog(self._dialog)
        return False

    def _answered(self, result: int) -> None:
        self._dialog = None
        if result:
            # After the dialog has closed itself, for closing the window takes its children along.
            QTimer.singleShot(0, self, self._shell.close_now)


class ClosingDialog(Dialog):
    """Keep open, or close anyway."""

    def __init__(self, state: ShellState, kept: int, parent: QWidget) -> None:
        super().__init__(
            translate("closing", "Close posapp?"),
            " ".join(closing_sentences(state, kept)),
            parent,
            icon="warning-fill",
            tone="warn",
        )
        self.setObjectName("closingDialog")
        self.add_safe(translate("closing", "Keep open")).setObjectName("keepOpenButton")
        action = self.add_action(translate("closing", "Close anyway"), look=ButtonLook.DANGER_OUTLINE)
        action.setObjectName("closeAnywayButton")


def _count(number: int, one: str, many: str) -> str:
    return one if number == 1 else many.replace("%1", str(number))
