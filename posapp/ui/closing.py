"""What is asked before the window closes while something still waits."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from posapp.ui.shell_state import ShellState
from posapp.ui.widgets.buttons import ButtonLook
from posapp.ui.widgets.dialog import Dialog

translate = QCoreApplication.translate


def needs_asking(state: ShellState | None) -> bool:
    """Tell whether closing now would leave changes unsent or active orders without a bell."""
    return state is not None and bool(state.summary.waiting or state.active)


def closing_sentences(state: ShellState) -> tuple[str, ...]:
    """Return what waits, what is safe, and that nothing will ring."""
    sentences = []
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


class ClosingDialog(Dialog):
    """Keep open, or close anyway."""

    def __init__(self, state: ShellState, parent: QWidget) -> None:
        super().__init__(
            translate("closing", "Close posapp?"),
            " ".join(closing_sentences(state)),
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
