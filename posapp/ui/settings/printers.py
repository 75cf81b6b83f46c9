"""Settings: the printers, and tickets that print by themselves."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.config import Config
from posapp.printing.printers import Printer, Role
from posapp.ui import fonts
from posapp.ui.aside import Aside
from posapp.ui.context import Context
from posapp.ui.printer_dialog import PrinterDialog, PrintResult
from posapp.ui.settings.section import Section, described, label_of
from posapp.ui.widgets.buttons import danger_button, primary_button, secondary_button
from posapp.ui.widgets.card import Card, Divider, Icon
from posapp.ui.widgets.controls import Toggle
from posapp.ui.widgets.emptystate import EmptyState
from posapp.ui.widgets.text import PlainLabel

_AUTO = described("printing", "auto_kitchen")


class PrinterCard(Card):
    """One printer: how it is reached, what it is for, and what can be done with it."""

    def __init__(self, ctx: Context, printer: Printer, section: PrintersSection) -> None:
        super().__init__(spacing=8)
        self.setObjectName(f"printer_{printer.name}")
        self._ctx, self.printer, self._section = ctx, printer, section
        self._aside = Aside(self)
        self.result_line = PrintResult()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Icon("printer-fill", tone="text2"))
        head.addWidget(PlainLabel(printer.name, px=15, weight=fonts.BOLD, elide=True), 1)
        head.addWidget(PlainLabel(self._roles(), px=13, weight=fonts.SEMIBOLD, tone="text2"))
        self.column.addLayout(head)
        for name, value in self._facts():
            line = QHBoxLayout()
            line.setSpacing(12)
            label = PlainLabel(name, px=13, tone="text2")
            label.setFixedWidth(130)
            line.addWidget(label)
            line.addWidget(PlainLabel(value, px=13, weight=fonts.MEDIUM, elide=True), 1)
            self.column.addLayout(line)
        self.column.addWidget(Divider())
        self.column.addWidget(self.result_line)
        self.column.addLayout(self._buttons())

    def _roles(self) -> str:
        words = {Role.RECEIPT: self.tr("Receipts"), Role.KITCHEN: self.tr("Kitchen tickets")}
        found = [word for role, word in words.items() if self.printer.serves(role)]
        if self.printer.drawer:
            found.append(self.tr("Cash drawer"))
        return " · ".join(found) or self.tr("Only where it is chosen")

    def _facts(self) -> tuple[tuple[str, str], ...]:
        printer = self.printer
        kinds = {
            "network": self.tr("Network"),
            "device": self.tr("USB or parallel port"),
            "system": self.tr("Printer of the system"),
            "file": self.tr("File"),
        }
        letters = self.tr("%1 mm, %2 letters in a line").replace("%1", str(printer.width_mm))
        return (
            (self.tr("Connected by"), f"{kinds[printer.kind]} · {printer.address}"),
            (self.tr("Paper"), letters.replace("%2", str(printer.letters))),
        )

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        name = self.printer.name
        test = secondary_button(self.tr("Print test"), icon="printer")
        test.setObjectName("testPrinterButton")
        test.setAccessibleName(self.tr("Print a test page on %1").replace("%1", name))
        test.clicked.connect(self.test)
        edit = secondary_button(self.tr("Edit…"))
        edit.setObjectName("editPrinterButton")
        edit.setAccessibleName(self.tr("Edit the printer %1").replace("%1", name))
        edit.clicked.connect(lambda: self._section.edit(self.printer))
        remove = danger_button(self.tr("Remove"))
        remove.setObjectName("removePrinterButton")
        remove.setAccessibleName(self.tr("Remove the printer %1").replace("%1", name))
        remove.clicked.connect(lambda: self._section.remove(self.printer))
        row.addWidget(test)
        row.addWidget(edit)
        row.addStretch(1)
        row.addWidget(remove)
        return row

    def test(self) -> None:
        """Print a page and say here what came out."""
        if self._aside.busy:
            return
        self.result_line.show_busy()
        doors, printer = self._ctx.doors, self.printer
        self._aside.run(lambda: doors.try_printer(printer), self.result_line.show_result)


class PrintersSection(Section):
    """The list of printers, the way to another one, and what prints by itself."""

    key = "printers"
    icon = "printer"

    @property
    def title(self) -> str:
        return self.tr("Printers")

    def build(self) -> None:
        self._shown: tuple[Printer, ...] | None = None
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self.column.addLayout(self._list)
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        add = primary_button(self.tr("Add a printer"), icon="plus-bold", height=40)
        add.setObjectName("addPrinterButton")
        add.clicked.connect(lambda: self.edit(None))
        queue = secondary_button(self.tr("Print queue"), icon="list-bullets", key="Ctrl+Shift+P")
        queue.setObjectName("printQueueButton")
        queue.clicked.connect(self.ctx.print_queue_wanted)
        row.addWidget(add)
        row.addWidget(queue)
        self.column.addWidget(both, 0, Qt.AlignmentFlag.AlignLeft)
        card = self.card(self.tr("By itself"))
        self.auto = Toggle(label_of(_AUTO))
        self.auto.setObjectName("autoKitchen")
        self.auto.clicked.connect(lambda on: self.keep("printing", "auto_kitchen", bool(on), self.complain))
        help_text = self.tr("On the first printer for kitchen tickets; after an edit only what changed")
        self.row(card, label_of(_AUTO), help_text, self.auto)
        self._words += [self.tr("Address"), self.tr("Paper"), self.tr("Cash drawer"), self.tr("Print test")]

    def summary(self) -> str:
        count = len(self.ctx.config.printers)
        if not count:
            return self.tr("No printer")
        return self.tr("1 printer") if count == 1 else self.tr("%n printers", "", count)

    def put_config(self, config: Config) -> None:
        self.auto.setChecked(bool(config.get("printing", "auto_kitchen")))
        if config.printers != self._shown:
            self._shown = config.printers
            self._fill(config.printers)

    def edit(self, printer: Printer | None) -> None:
        """Ask for a printer's settings; None adds one."""
        dialog = PrinterDialog(self.ctx, printer, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def remove(self, printer: Printer) -> None:
        """Take a printer out; the foot of the screen offers to take that back."""
        doors = self.ctx.doors
        self.act_wanted.emit(
            lambda: doors.remove_printer(printer.name),
            lambda: doors.save_printer(printer, ""),
            self.complain,
        )

    def _fill(self, printers: tuple[Printer, ...]) -> None:
        while self._list.count():
            item = self._list.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for printer in printers:
            self._list.addWidget(PrinterCard(self.ctx, printer, self))
        if not printers:
            words = self.tr("Receipts and kitchen tickets need one. Until then they can be saved as PDF.")
            empty = Card()
            empty.column.addWidget(EmptyState("printer", self.tr("No printer is set up"), words))
            self._list.addWidget(empty)
