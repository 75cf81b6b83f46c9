"""A report on paper before it is printed: what comes out, on which printer, or as a PDF."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.printing.document import Document, marked_copy, to_json
from posapp.printing.printers import Printer
from posapp.services.printing import print_report
from posapp.storage.reports import was_printed
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.paper import write_pdf
from posapp.ui.widgets.buttons import secondary_button
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import ComboBox
from posapp.ui.widgets.text import PlainLabel
from posapp.ui.widgets.ticketview import WIDEST, TicketView

_WIDTH, _HIGH = 660, 440


@dataclass(frozen=True, slots=True)
class Paper:
    """What is to be printed; `once`: another print of it is a copy and says so.

    An `old` one is a copy in any case: the print queue forgets what it printed long ago.
    """

    title: str
    document: Document
    file: str  # a name for the PDF
    once: bool = False
    old: bool = False


class DocumentDialog(Dialog):
    """Enter prints; nothing else changes."""

    def __init__(self, ctx: Context, paper: Paper, text: str, parent: QWidget) -> None:
        super().__init__(paper.title, text, parent, icon="printer-fill")
        self.setObjectName("documentDialog")
        self._ctx, self._paper = ctx, paper
        self._busy = False
        self._printed = paper.old
        self.setFixedWidth(min(_WIDTH, parent.window().width() - 48))
        self._make_inputs()
        self._lay_out()
        self.add_safe(self.tr("Close"))
        self.print_button = self.add_action(self.tr("Print"), key="Enter")
        self.print_button.setObjectName("printButton")
        self._fill_printers()
        self.printer.currentIndexChanged.connect(self._show)
        self._show()
        if paper.once and not paper.old:
            title = paper.title
            ctx.tasks.run(lambda: was_printed(ctx.store, title), self._judge, owner=self)

    def _make_inputs(self) -> None:
        self.printer = ComboBox()
        self.printer.setObjectName("printPrinter")
        self.remark = PlainLabel("", px=13, tone="text2", wrap=True)
        self.remark.setObjectName("printRemark")
        self.pdf_button = secondary_button(self.tr("Save as PDF…"))
        self.pdf_button.setObjectName("pdfButton")
        self.pdf_button.clicked.connect(self._save_pdf)

    def _lay_out(self) -> None:
        self.view = TicketView()
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.view)
        area.viewport().setAutoFillBackground(False)
        area.setFixedSize(WIDEST + 14, _HIGH)
        area.setAccessibleName(self._paper.title)
        area.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        side = QVBoxLayout()
        side.setSpacing(12)
        side.addWidget(Field(self.tr("Printer"), self.printer))
        side.addWidget(self.remark)
        side.addStretch(1)
        side.addWidget(self.pdf_button)
        row = QHBoxLayout()
        row.setSpacing(18)
        row.addWidget(area)
        row.addLayout(side, 1)
        self.body.addLayout(row)

    def _fill_printers(self) -> None:
        for printer in self._ctx.config.printers:
            self.printer.addItem(printer.name, printer.name)
        usual = self._ctx.config.printer_for("receipt")
        self.printer.setEnabled(bool(self._ctx.config.printers))
        if usual is not None:
            self.printer.setCurrentIndex(self.printer.findData(usual.name))

    @property
    def chosen(self) -> Printer | None:
        """Return the printer of choice."""
        name = self.printer.currentData()
        return next((each for each in self._ctx.config.printers if each.name == name), None)

    @property
    def document(self) -> Document:
        """Return what comes out."""
        return marked_copy(self._paper.document) if self._printed else self._paper.document

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Printing changes nothing that cannot be had again: here Enter may act at once.
        target = self.print_button if self.chosen is not None else self.pdf_button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _judge(self, printed: object) -> None:
        self._printed = bool(printed)
        self._show()

    def _show(self) -> None:
        printer = self.chosen
        self.view.show_document(self.document, printer.dots if printer is not None else 576)
        copy = self.tr("This was printed before: it is marked COPY.")
        none = self.tr("No printer is set up (Settings, Printers). It can be saved as PDF.")
        self.remark.set_tone("text2")
        self.remark.setText(none if printer is None else copy if self._printed else "")
        self.print_button.setEnabled(printer is not None)

    def accept(self) -> None:
        """Queue it; the dialog closes when it is on the disk."""
        printer = self.chosen
        if printer is None or self._busy:
            return
        self._busy = True
        ctx, paper = self._ctx, self._paper
        # The queue marks a copy of what it knows by itself.
        payload, who = to_json(self.document if paper.old else paper.document), ctx.who
        said = self.tr("%1 sent to %2").replace("%1", paper.title).replace("%2", printer.name)

        def done(_job: int) -> None:
            ctx.message.emit(said, None)
            super(DocumentDialog, self).accept()

        def work() -> int:
            return print_report(
                ctx.store,
                paper.title,
                payload,
                printer.name,
                who,
                copy=paper.once and not paper.old,
                origin=WINDOW_ORIGIN,
            )

        ctx.tasks.run(work, done, failed=self._failed, owner=self)

    def _failed(self, error: PosError) -> None:
        self._busy = False
        self.remark.set_tone("danger_text")
        self.remark.setText(str(error))

    def _save_pdf(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save as PDF"), f"{self._paper.file}.pdf", "PDF (*.pdf)"
        )
        if name:
            self.write_pdf(name)

    def write_pdf(self, path: str) -> None:
        """Write what is shown as a PDF."""
        document, printer = self.document, self.chosen
        wide = printer.width_mm if printer is not None else 80
        said = self.tr("Saved as %1").replace("%1", path)
        self._run(lambda: write_pdf(document, path, wide), said)

    def _run(self, work: Callable[[], None], said: str) -> None:
        def done(_nothing: None) -> None:
            self.remark.set_tone("ok_text")
            self.remark.setText(said)

        self._ctx.tasks.run(work, done, failed=self._failed, owner=self)
