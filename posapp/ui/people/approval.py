"""A manager's PIN for one act, typed in place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.people import NotAllowedError, pin_length
from posapp.storage.people import StaffRow
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.people.pinpad import PinDots, PinPad
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.segmented import Segmented
from posapp.ui.widgets.text import PlainLabel


class ApprovalDialog(Dialog):
    """Accepted once a manager's PIN was right; the act is done by whoever asked."""

    def __init__(
        self, ctx: Context, error: NotAllowedError, managers: Sequence[StaffRow], parent: QWidget
    ) -> None:
        super().__init__(
            error.title,
            parent.tr("Let a manager type the PIN here, or leave it."),
            parent,
            icon="user-fill",
            tone="warn",
        )
        self.setObjectName("approvalDialog")
        self._ctx, self._right, self._who = ctx, error.right, ctx.who
        self._managers = tuple(managers)
        self.names = Segmented(
            parent.tr("Manager"), [(one.id, one.name, "") for one in managers] or [("", "", "")]
        )
        self.names.setObjectName("approvalManagers")
        self.names.setVisible(len(managers) > 1)
        self.names.set_value(managers[0].id if managers else "")
        self.dots, self.pad = PinDots(), PinPad(with_help=False)
        self.names.valueChanged.connect(lambda _: self.pad.begin(self._length))
        self.pad.set_low(low=True)
        self.message = PlainLabel("", px=14, tone="danger_text", wrap=True)
        self.message.setObjectName("approvalMessage")
        self.message.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.message.setMinimumHeight(22)
        self.pad.changed.connect(self.dots.show_typed)
        self.pad.finished.connect(self._check)
        for part in (self.names, self.dots, self.message, self.pad):
            line = QHBoxLayout()
            line.addStretch(1)
            line.addWidget(part, 1 if part is self.message else 0)
            line.addStretch(1)
            self.body.addLayout(line)
        self.add_safe(self.tr("Leave it")).setObjectName("approvalLeaveButton")
        self.pad.begin(self._length)

    @property
    def _manager(self) -> StaffRow | None:
        chosen = self.names.value() if len(self._managers) > 1 else ""
        return next((one for one in self._managers if not chosen or one.id == chosen), None)

    @property
    def _length(self) -> int:
        return pin_length(self._manager.role) if self._manager else 6

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.pad.take_key(event):
            super().keyPressEvent(event)

    def _check(self, pin: str) -> None:
        manager, ctx, who, right = self._manager, self._ctx, self._who, self._right
        if manager is None:
            return
        self.pad.setEnabled(False)

        def work() -> str:
            from posapp.services.people import approve

            return approve(ctx.store, manager.id, pin, right, who, origin=WINDOW_ORIGIN)

        ctx.tasks.run(work, lambda _name: self.accept(), failed=self._wrong, owner=self)

    def _wrong(self, error: PosError) -> None:
        self.message.setText(" ".join(part for part in (error.title, error.detail) if part))
        self.pad.setEnabled(True)
        self.pad.begin(self._length)
