"""Printing in the window: its dialogs, a word when a ticket does not come out, tickets by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import PosError
from posapp.domain.tickets import JobState
from posapp.storage.feed import Change, Topic
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.print_words import trouble_title
from posapp.ui.widgets.dialog import Dialog

if TYPE_CHECKING:
    from posapp.storage.printing import JobRow

_LOOKED_AT = 20


class Shell(Protocol):
    """What printing needs of the window."""

    def open_dialog(self, dialog: Dialog) -> None:
        """Open a dialog over the window."""

    def open_settings(self, section: str) -> None:
        """Open the settings at a section."""


class PrintKeeper(QObject):
    """Opens the dialogs of printing where somebody asks for them, and watches over the queue."""

    def __init__(self, ctx: Context, window: QWidget, shell: Shell) -> None:
        super().__init__(window)
        self._ctx, self._window, self._shell = ctx, window, shell
        self._since = ctx.clock()
        self._told: set[tuple[int, int]] = set()
        ctx.feed.changed.connect(self._heard)
        ctx.print_wanted.connect(self.print_order)
        ctx.print_queue_wanted.connect(self.show_queue)

    def start(self) -> None:
        """Print what was left to do; called once the window stands on the screen."""
        self._print_accepted(None)

    def print_order(self, pk: int) -> None:
        """Ask how to print an order."""
        from posapp.ui.dialogs.preview import PrintDialog

        dialog = PrintDialog(self._ctx, pk, self._window)
        dialog.printers_wanted.connect(lambda: self._shell.open_settings("printers"))
        self._shell.open_dialog(dialog)

    def show_queue(self) -> None:
        """Show the print queue."""
        from posapp.ui.dialogs.print_queue import PrintQueueDialog

        self._shell.open_dialog(PrintQueueDialog(self._ctx, self._window))

    def _heard(self, change: Change) -> None:
        if Topic.PRINTS in change.topics or change.foreign:
            self._look()
        if Topic.ORDERS in change.topics or change.foreign:
            self._print_accepted(None if change.foreign else change.orders)

    # -- trouble ---------------------------------------------------------------------------------------

    def _look(self) -> None:
        # Imported here, and not at each start: most days every ticket comes out.
        from posapp.storage.printing import TROUBLED, job_rows

        store = self._ctx.store
        self._ctx.tasks.run(
            lambda: job_rows(store, states=TROUBLED, limit=_LOOKED_AT), self._tell, owner=self
        )

    def _tell(self, jobs: tuple[JobRow, ...]) -> None:
        """Say what did not come out, once for each try."""
        for job in reversed(jobs):
            known = (job.pk, job.attempts)
            fresh = job.finished_at is not None and job.finished_at >= self._since
            if not fresh or known in self._told:
                continue
            self._told.add(known)
            again = self.tr("Ctrl+Shift+P opens the print queue: retry, or print elsewhere.")
            look = self.tr("Look whether it is on paper. Ctrl+Shift+P opens the print queue.")
            remedy = look if job.state is JobState.UNKNOWN else again
            self._ctx.problem.emit(PosError(trouble_title(job), job.error, remedy))

    # -- by themselves ---------------------------------------------------------------------------------

    def _print_accepted(self, pks: Iterable[int] | None) -> None:
        """Queue the kitchen tickets of accepted orders where the settings say so, of timed sales always."""
        ctx = self._ctx
        routes = ctx.config.kitchen_routes
        if not routes:
            return
        timed = not ctx.config.get("printing", "auto_kitchen")
        from posapp.printing.layout import composer
        from posapp.services.kitchen_tickets import print_accepted

        compose, who = composer(ctx.zone), ctx.who
        ctx.tasks.run(
            lambda: print_accepted(
                ctx.store, routes, who, compose, pks, timed_sales=timed, origin=WINDOW_ORIGIN
            ),
            owner=self,
        )
