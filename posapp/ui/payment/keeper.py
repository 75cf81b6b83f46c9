"""Payments in the window: the dialog of an order's account, and the drawer that opens without a sale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import RefusedError
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.widgets.dialog import Dialog

if TYPE_CHECKING:
    from posapp.printing.printers import Printer


class Shell(Protocol):
    """What payments need of the window."""

    def open_dialog(self, dialog: Dialog) -> None:
        """Open a dialog over the window."""


class PaymentKeeper(QObject):
    """Opens what has to do with money where somebody asks for it."""

    def __init__(self, ctx: Context, window: QWidget, shell: Shell) -> None:
        super().__init__(window)
        self._ctx, self._window, self._shell = ctx, window, shell
        ctx.pay_wanted.connect(self.show_account)
        ctx.drawer_wanted.connect(self.ask_drawer)

    def show_account(self, pk: int) -> None:
        """Show the payments of an order, and take what is due."""
        from posapp.ui.payment.dialog import PaymentDialog

        self._shell.open_dialog(PaymentDialog(self._ctx, pk, self._window))

    def ask_drawer(self, typed: str = "") -> None:
        """Ask why the drawer is to be opened, then open it."""
        from posapp.ui.payment.reason import ReasonDialog

        if self._printer() is None:
            title, detail = self.tr("No drawer is known."), self.tr("It hangs on a printer.")
            remedy = self.tr("Say on which one in Settings, Printers.")
            self._ctx.problem.emit(RefusedError(title, detail, remedy))
            return
        title = self.tr("Open the drawer without a sale?")
        text = self.tr("It is noted with your name and the reason.")
        act, icon = self.tr("Open the drawer"), "money-fill"
        dialog = ReasonDialog(title, text, act, self._window, icon=icon, typed=typed)

        def accepted() -> None:
            reason = dialog.reason
            with self._ctx.tasks.if_left(lambda: self.ask_drawer(reason)):
                self._open_drawer(reason)

        dialog.accepted.connect(accepted)
        self._shell.open_dialog(dialog)

    def _printer(self) -> Printer | None:
        """Return the printer on which the drawer hangs."""
        return next((printer for printer in self._ctx.config.printers if printer.drawer), None)

    def _open_drawer(self, reason: str) -> None:
        from posapp.printing.document import Document, to_json
        from posapp.services.printing import open_drawer

        ctx = self._ctx
        printer = self._printer()
        if printer is None:
            return
        who, payload, name = ctx.who, to_json(Document(())), printer.name
        said = self.tr("The drawer opens")
        ctx.tasks.run(
            lambda: open_drawer(ctx.store, name, who, payload, reason=reason, origin=WINDOW_ORIGIN),
            lambda _job: ctx.message.emit(said, None),
            owner=self,
        )
