"""What the buttons and keys of the right side do, with the dialogs that some of them need."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from posapp.services.conflict_case import ConflictCase
from posapp.storage.publishing import ProductQueueRow
from posapp.storage.rows import QueueRow
from posapp.ui.context import Context
from posapp.ui.dialogs.why import Why
from posapp.ui.sync_center.commands import SyncCommands
from posapp.ui.sync_center.dialogs import CallDialog, DiscardDialog
from posapp.ui.sync_center.entries import Entry
from posapp.ui.sync_center.facts import Act, Facts
from posapp.ui.sync_center.words import code_word
from posapp.ui.widgets.dialog import Dialog


class SyncActs(QObject):
    """Carries out an act on an entry; what lies outside the screen it asks for with its signals."""

    order_wanted = Signal(int)
    key_wanted = Signal(str)
    send_wanted = Signal()

    def __init__(self, ctx: Context, commands: SyncCommands, around: QWidget) -> None:
        super().__init__(around)
        self._ctx, self._commands, self._around = ctx, commands, around

    def do(self, act: Act, entry: Entry | None, facts: Facts) -> None:
        """Do what a button of the right side says."""
        content = entry.content if entry is not None else None
        if act is Act.SEND:
            self.send_wanted.emit()
        elif act is Act.KEY:
            self.key_wanted.emit(facts.title)
        elif act is Act.COPY:
            QGuiApplication.clipboard().setText(facts.for_support())
            self._ctx.message.emit(self.tr("Copied: reason and text as received"), None)
        elif isinstance(content, QueueRow):
            self._with_change(act, content)
        elif isinstance(content, ProductQueueRow):
            self._with_product(act, content)

    def call(self, case: ConflictCase) -> None:
        """Show the customer's number."""
        self._open(CallDialog(code_word(case.code), case.customer_name, case.phone, self._around))

    def _with_change(self, act: Act, row: QueueRow) -> None:
        match act:
            case Act.OPEN:
                self.order_wanted.emit(row.order_pk)
            case Act.EDIT:
                self._ctx.edit_wanted.emit(row.order_pk)
            case Act.RETRY:
                self._commands.retry(row)
            case Act.DISCARD:
                self._ask_to_discard(row)
            case _:
                pass

    def _ask_to_discard(self, row: QueueRow, typed: Why | None = None) -> None:
        title = self.tr("Discard the change of order %1?").replace("%1", code_word(row.order_code))
        text = self.tr("All that waits of this order is given up: it is what it is at the shop again.")
        dialog = DiscardDialog(title, text, self._around)
        dialog.why.put(typed)

        def accepted() -> None:
            kept = dialog.why.typed
            with self._ctx.tasks.if_left(lambda: self._ask_to_discard(row, kept)):
                self._commands.discard(row, dialog.reason)

        dialog.accepted.connect(accepted)
        self._open(dialog)

    def _with_product(self, act: Act, row: ProductQueueRow) -> None:
        if act is Act.RETRY:
            self._commands.retry_product(row)
        elif act is Act.DISCARD:
            title = self.tr("Discard the change of %1?").replace("%1", row.title or row.internal_id)
            text = self.tr("The shop keeps what it has of this product. This cannot be undone.")
            dialog = DiscardDialog(title, text, self._around)
            dialog.accepted.connect(lambda: self._commands.discard_product(row, dialog.reason))
            self._open(dialog)

    def _open(self, dialog: Dialog) -> None:
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
