"""Prints an order: a receipt or a kitchen ticket, shown before it is sent to a printer of choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.tickets import TicketKind
from posapp.printing.document import Document, marked_copy
from posapp.printing.layout import composer, lay_out
from posapp.printing.printers import Printer
from posapp.services import kitchen_tickets, printing
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.paper import write_pdf
from posapp.ui.widgets.buttons import Button, quiet_button, secondary_button
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import ComboBox
from posapp.ui.widgets.text import PlainLabel
from posapp.ui.widgets.ticketview import WIDEST, TicketView

_WIDTH, _HIGH = 660, 440
_RECEIPT, _KITCHEN = TicketKind.RECEIPT, TicketKind.KITCHEN


@dataclass(frozen=True, slots=True)
class _Found:
    """What printing would make now: a document, None when the kitchen lacks nothing, and a remark."""

    kind: TicketKind
    code: str
    document: Document | None
    remark: str


class PrintDialog(Dialog):
    """Opened with Ctrl+P; `printers_wanted` asks for the settings of the printers."""

    printers_wanted = Signal()

    def __init__(self, ctx: Context, pk: int, parent: QWidget) -> None:
        super().__init__("", "", parent, icon="printer-fill")
        self.setObjectName("printDialog")
        self._ctx, self._pk = ctx, pk
        self._found: _Found | None = None
        self._busy = False
        self.set_title(self.tr("Print"))
        self.setFixedWidth(min(_WIDTH, parent.window().width() - 48))
        self._make_inputs()
        self._lay_out()
        self.add_safe(self.tr("Close"))
        self.print_button = self.add_action(self.tr("Print"), key="Enter")
        self.print_button.setObjectName("printButton")
        self._fill_printers()
        self.kind.currentIndexChanged.connect(self._kind_chosen)
        self.printer.currentIndexChanged.connect(self._show)
        self._ask()

    def _make_inputs(self) -> None:
        self.kind = ComboBox()
        self.kind.setObjectName("printKind")
        self.kind.addItem(self.tr("Receipt"), _RECEIPT.value)
        self.kind.addItem(self.tr("Kitchen ticket"), _KITCHEN.value)
        self.printer = ComboBox()
        self.printer.setObjectName("printPrinter")
        self.remark = PlainLabel("", px=13, tone="text2", wrap=True)
        self.remark.setObjectName("printRemark")
        self.pdf_button = secondary_button(self.tr("Save as PDF…"))
        self.pdf_button.setObjectName("pdfButton")
        self.pdf_button.clicked.connect(self._save_pdf)
        self.queue_button = quiet_button(self.tr("Print queue"), icon="list-bullets")
        self.queue_button.setObjectName("printQueueButton")
        self.queue_button.clicked.connect(lambda: self._leave(self._ctx.print_queue_wanted.emit))
        self.setup_button: Button = secondary_button(self.tr("Set up a printer"), icon="gear")
        self.setup_button.setObjectName("setUpPrinterButton")
        self.setup_button.clicked.connect(lambda: self._leave(self.printers_wanted.emit))

    def _lay_out(self) -> None:
        self.view = TicketView()
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.view)
        area.viewport().setAutoFillBackground(False)
        area.setFixedSize(WIDEST + 14, _HIGH)
        area.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        side = QVBoxLayout()
        side.setSpacing(12)
        side.addWidget(Field(self.tr("What"), self.kind))
        side.addWidget(Field(self.tr("Printer"), self.printer))
        side.addWidget(self.setup_button)
        side.addWidget(self.remark)
        side.addStretch(1)
        side.addWidget(self.pdf_button)
        side.addWidget(self.queue_button)
        row = QHBoxLayout()
        row.setSpacing(18)
        row.addWidget(area)
        row.addLayout(side, 1)
        self.body.addLayout(row)

    def _fill_printers(self) -> None:
        printers = self._ctx.config.printers
        for printer in printers:
            self.printer.addItem(printer.name, printer.name)
        self.printer.setEnabled(bool(printers))
        self.setup_button.setVisible(not printers)
        self._choose_printer()

    def _choose_printer(self) -> None:
        usual = self._ctx.config.printer_for(str(self.kind.currentData()))
        if usual is not None:
            self.printer.setCurrentIndex(self.printer.findData(usual.name))

    def _kind_chosen(self) -> None:
        self._choose_printer()
        self._ask()

    @property
    def chosen(self) -> Printer | None:
        """Return the printer of choice."""
        name = self.printer.currentData()
        return next((each for each in self._ctx.config.printers if each.name == name), None)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Printing changes nothing that cannot be had again: here Enter may act at once.
        self.print_button.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- what comes out --------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Read the order and lay it out, in the jobs' thread."""
        ctx, pk, kind = self._ctx, self._pk, TicketKind(self.kind.currentData())
        zone, station, at = ctx.zone, ctx.config.station, ctx.clock()
        copy, whole = self.tr("This receipt was printed before: it is marked COPY."), ""
        changed = self.tr("Only what changed since the last ticket.")
        nothing = self.tr("The kitchen has this ticket already. Reprint it from the print queue.")

        def work() -> _Found:
            request = printing.receipt_request(ctx.store, pk, at, station)
            code = printing.code_of(request.order.code)
            if kind is _RECEIPT:
                document = lay_out(request, zone)
                if printing.earlier_receipt(ctx.store, pk, request.order) is None:
                    return _Found(kind, code, document, whole)
                return _Found(kind, code, marked_copy(document), copy)
            wanted = kitchen_tickets.peek_kitchen(ctx.store, pk, at, station)
            if wanted is None:
                return _Found(kind, code, None, nothing)
            remark = changed if wanted.since is not None else whole
            return _Found(kind, code, lay_out(wanted, zone), remark)

        ctx.tasks.run(work, self._read, failed=self._failed, owner=self)

    def _read(self, found: _Found) -> None:
        if found.kind == self.kind.currentData():
            self._found = found
            self.set_title(self.tr("Print order %1").replace("%1", found.code))
            self._show()

    def _show(self) -> None:
        found, printer = self._found, self.chosen
        if found is None:
            return
        document = found.document or Document(())
        self.view.show_document(document, printer.dots if printer is not None else 576)
        self.view.setVisible(found.document is not None)
        none = self.tr("No printer is set up. The ticket can be saved as PDF.")
        self.remark.set_tone("text2")
        self.remark.setText(found.remark or ("" if printer is not None else none))
        self.print_button.setEnabled(found.document is not None and printer is not None)
        self.pdf_button.setEnabled(found.document is not None)

    def _failed(self, error: PosError) -> None:
        self._busy = False
        self.remark.set_tone("danger_text")
        self.remark.setText(str(error))

    # -- acts ------------------------------------------------------------------------------------------

    def accept(self) -> None:
        """Queue the ticket; the dialog closes when it is on the disk."""
        printer, found = self.chosen, self._found
        if printer is None or found is None or found.document is None or self._busy:
            return
        self._busy = True
        ctx, pk, compose, who = self._ctx, self._pk, composer(self._ctx.zone), self._ctx.who
        act = printing.print_receipt if found.kind is _RECEIPT else kitchen_tickets.print_kitchen
        said = self.tr("Sent to %1").replace("%1", printer.name)

        def done(_job: int) -> None:
            ctx.message.emit(said, None)
            super(PrintDialog, self).accept()

        ctx.tasks.run(
            lambda: act(ctx.store, pk, printer.name, who, compose, origin=WINDOW_ORIGIN),
            done,
            failed=self._failed,
            owner=self,
        )

    def _save_pdf(self) -> None:
        found = self._found
        if found is None or found.document is None:
            return
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Save as PDF"), "ticket.pdf", "PDF (*.pdf)")
        if name:
            self.write_pdf(name)

    def write_pdf(self, path: str) -> None:
        """Write the ticket that is shown as a PDF."""
        found, printer = self._found, self.chosen
        if found is None or found.document is None:
            return
        document, wide = found.document, printer.width_mm if printer is not None else 80
        said = self.tr("Saved as %1").replace("%1", path)

        def done(_nothing: None) -> None:
            self.remark.set_tone("ok_text")
            self.remark.setText(said)

        self._ctx.tasks.run(lambda: write_pdf(document, path, wide), done, failed=self._failed, owner=self)

    def _leave(self, then: Callable[[], None]) -> None:
        self.reject()
        then()
