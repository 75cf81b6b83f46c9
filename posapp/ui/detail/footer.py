"""The fixed foot of the detail: the one next step, schedule, cancel."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from posapp.domain.status import Status, SyncState
from posapp.storage.rows import OrderRow
from posapp.ui.detail.stepfacts import can_become, next_step_of
from posapp.ui.widgets.buttons import ButtonLook, danger_button, primary_button, secondary_button
from posapp.ui.widgets.card import Surface
from posapp.ui.widgets.text import PlainLabel
from posapp.ui.widgets.tooltip import set_plain_tooltip
from posapp.ui.words import status_word

_HEIGHT = 76


class Footer(Surface):
    """Shows the acts that the order's status allows; what is not possible is absent."""

    next_wanted = Signal()
    schedule_wanted = Signal()
    cancel_wanted = Signal()
    ready_wanted = Signal()
    undo_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, line="top")
        self.next_button = primary_button(self.tr("Next step"), key="Enter")
        self.next_button.setObjectName("nextStepButton")
        self.next_button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.ready_button = secondary_button("", icon="timer-fill", height=56)
        self.ready_button.setObjectName("readyButton")
        self.ready_button.setAccessibleName(self.tr("Accept with a ready time"))
        self.schedule_button = secondary_button(
            self.tr("Schedule"), icon="clock-countdown-fill", key="S", height=56
        )
        self.schedule_button.setObjectName("scheduleButton")
        self.cancel_button = danger_button(self.tr("Cancel…"), height=56)
        self.cancel_button.setObjectName("cancelButton")
        self._done = PlainLabel("", tone="text2", wrap=True)
        self.undo_button = secondary_button(
            self.tr("Undo last step"), icon="arrow-u-up-left", key="Z", height=56
        )
        self.undo_button.setObjectName("undoStepButton")
        self.next_button.clicked.connect(self.next_wanted)
        self.schedule_button.clicked.connect(self.schedule_wanted)
        self.cancel_button.clicked.connect(self.cancel_wanted)
        self.ready_button.clicked.connect(self.ready_wanted)
        self.undo_button.clicked.connect(self.undo_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 1, 14, 0)
        row.setSpacing(10)
        row.addWidget(self.next_button, 1)
        row.addWidget(self.ready_button)
        row.addWidget(self._done, 1)
        row.addWidget(self.schedule_button)
        row.addWidget(self.undo_button)
        row.addWidget(self.cancel_button)
        self._next_name, self._enter_acts = "", True
        self.keep_height(_HEIGHT)

    def show_enter(self, *, acts: bool) -> None:
        """Tell whether Enter does the next step, or belongs to a field now."""
        self._enter_acts = acts
        self._name_next()

    def _name_next(self) -> None:
        self.next_button.set_key("Enter" if self._enter_acts else "")
        self.next_button.setAccessibleName(self._next_name + (", Enter" if self._enter_acts else ""))

    def show_row(self, row: OrderRow, *, letters: bool) -> None:
        """Offer what is possible for this order; `letters` tells whether single-letter keys work."""
        step = next_step_of(row)
        self.next_button.setVisible(step is not None)
        if step is not None:
            # One obvious next step: while the shop disagrees, that is the decision above this bar.
            undecided = row.sync == SyncState.CONFLICT
            self.next_button.set_look(ButtonLook.SECONDARY if undecided else ButtonLook.PRIMARY)
            self.next_button.setText(step.text)
            self.next_button.set_icon_name(step.icon)
            self._next_name = self.tr("%1 %2").replace("%1", step.text).replace("%2", row.code)
            self._name_next()
        self._show_ready(row, letters=letters)
        self.schedule_button.setVisible(can_become(row, Status.TIMING))
        self.schedule_button.setText(
            self.tr("Reschedule") if row.status == Status.TIMING else self.tr("Schedule")
        )
        self.schedule_button.set_key("S" if letters else "")
        self.schedule_button.setAccessibleName(
            self.tr("Schedule order %1").replace("%1", row.code) + (", S" if letters else "")
        )
        self.cancel_button.setVisible(can_become(row, Status.CANCELLED))
        fresh = row.status == Status.CREATED
        self.cancel_button.setText(self.tr("Reject…") if fresh else self.tr("Cancel…"))
        name = self.tr("Reject order %1, Delete") if fresh else self.tr("Cancel order %1, Delete")
        self.cancel_button.setAccessibleName(name.replace("%1", row.code))
        finished = step is None
        self._done.setVisible(finished)
        self._done.setText(
            self.tr("This order is finished: %1.").replace("%1", status_word(row.status)) if finished else ""
        )
        self.undo_button.setVisible(finished)
        self.undo_button.set_key("Z" if letters else "")

    def _show_ready(self, row: OrderRow, *, letters: bool) -> None:
        """Offer to accept with a ready time, where accepting is the next step."""
        self.ready_button.setVisible(row.status in {Status.CREATED, Status.EDITED})
        name = self.tr("Accept order %1 with a ready time").replace("%1", row.code)
        self.ready_button.setAccessibleName(name + (", A" if letters else ""))
        tip = self.tr("Accept with a ready time")
        set_plain_tooltip(self.ready_button, f"{tip} (A)" if letters else tip)
