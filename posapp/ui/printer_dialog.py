"""The dialog that adds or changes a printer, and tries it before anything is saved."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from posapp.config import Config, make_printer
from posapp.domain.errors import PosError, RefusedError
from posapp.printing.codepages import ASCII, NUMBERS
from posapp.printing.printers import Printer, Role
from posapp.ui.aside import Aside
from posapp.ui.context import Context, TestResult
from posapp.ui.shop_form import TestLine
from posapp.ui.widgets.buttons import secondary_button
from posapp.ui.widgets.controls import Toggle
from posapp.ui.widgets.dialog import Dialog
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import ComboBox, TextInput
from posapp.ui.widgets.text import PlainLabel

_NETWORK, _DEVICE, _FILE, _SYSTEM = "network", "device", "file", "system"
_PAPERS = ((80, 0, "80 mm · 48"), (80, 42, "80 mm · 42"), (58, 0, "58 mm · 32"), (58, 42, "58 mm · 42"))
_PLACEHOLDERS = {
    _NETWORK: "192.168.1.50",
    _DEVICE: "/dev/usb/lp0",
    _FILE: "tickets.bin",
    _SYSTEM: "Office",
}


class PrintResult(TestLine):
    """The outcome of a printed test page."""

    def show_busy(self) -> None:
        self._show("printer", "text2", "text2", self.tr("Printing…"))


class PrinterDialog(Dialog):
    """Asks for all that is to be known of a printer; `printer` is the one to be changed."""

    def __init__(self, ctx: Context, printer: Printer | None, parent: QWidget) -> None:
        super().__init__("", "", parent, icon="printer-fill")
        self.setObjectName("printerDialog")
        self._ctx, self._old = ctx, printer
        self._busy = False
        self.fields: dict[str, Field] = {}
        self._tester = Aside(self)
        self.result_line = PrintResult()
        name = printer.name if printer is not None else ""
        self.set_title(
            self.tr("Printer %1").replace("%1", name) if printer is not None else self.tr("Add a printer")
        )
        self.setFixedWidth(min(620, parent.window().width() - 48))
        self._make_inputs()
        self._lay_out()
        self._show(printer or Printer("", ""))
        self.kind.currentIndexChanged.connect(self._show_kind)

    def _make_inputs(self) -> None:
        self.name, self.address = TextInput(placeholder="front"), TextInput()
        self.kind, self.paper, self.page = ComboBox(), ComboBox(), ComboBox()
        for key, word in (
            (_NETWORK, self.tr("Network")),
            (_DEVICE, self.tr("USB or parallel port")),
            (_SYSTEM, self.tr("Printer of the system")),
            (_FILE, self.tr("File")),
        ):
            self.kind.addItem(word, key)
        for width, columns, word in _PAPERS:
            self.paper.addItem(self.tr("%1 letters").replace("%1", word), (width, columns))
        self.page.addItem(self.tr("Latin only; the rest is drawn"), ASCII)
        for page in NUMBERS:
            self.page.addItem(page, page)
        self.stations = TextInput(placeholder=self.tr("All of them"))
        self.receipt = Toggle(self.tr("Receipts"))
        self.kitchen = Toggle(self.tr("Kitchen tickets"))
        self.drawer = Toggle(self.tr("Opens the cash drawer"))
        self._field("name", self.tr("Name"), self.name, self.tr("Letters a–z, digits and -"))
        self._field("kind", self.tr("How it is connected"), self.kind, "")
        self._field("address", self.tr("Address"), self.address, "")
        self._field("width_mm", self.tr("Paper"), self.paper, "")
        drawn = self.tr("What the printer lacks is drawn as a picture")
        dishes = self.tr("Whose dishes it gets, such as Bar, Oven; empty: the rest")
        self._field("stations", self.tr("Kitchen stations"), self.stations, dishes)
        self._field("code_page", self.tr("Alphabet of the printer"), self.page, drawn)

    def _field(self, name: str, label: str, editor: QWidget, help_text: str) -> None:
        editor.setObjectName(f"printer_{name}")
        self.fields[name] = Field(label, editor, help_text=help_text)

    def _lay_out(self) -> None:
        places = {
            "name": (0, 0), "kind": (0, 1), "address": (1, 0), "width_mm": (1, 1), "code_page": (2, 0),
            "stations": (3, 0),
        }  # fmt: skip
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        for name, (row, column) in places.items():
            grid.addWidget(self.fields[name], row, column, Qt.AlignmentFlag.AlignTop)
        roles = QGridLayout()
        roles.setVerticalSpacing(8)
        for number, toggle in enumerate((self.receipt, self.kitchen, self.drawer)):
            toggle.setObjectName(("printerReceipt", "printerKitchen", "printerDrawer")[number])
            line = QHBoxLayout()
            line.setSpacing(10)
            line.addWidget(toggle)
            line.addWidget(PlainLabel(toggle.accessibleName(), px=13), 1)
            roles.addLayout(line, number, 0)
        grid.addLayout(roles, 2, 1, 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.body.addLayout(grid)
        self.body.addWidget(self.result_line)
        test = secondary_button(self.tr("Print test"), icon="printer")
        test.setObjectName("printTestButton")
        test.clicked.connect(self.test)
        self.add_extra(test)
        self.add_safe(self.tr("Cancel"))
        self.add_action(self.tr("Save")).setObjectName("savePrinterButton")

    def _show(self, printer: Printer) -> None:
        self.name.setText(printer.name)
        self.address.setText(printer.address)
        self.kind.setCurrentIndex(max(0, self.kind.findData(printer.kind)))
        papers = [(width, columns) for width, columns, _ in _PAPERS]
        paper = (printer.width_mm, printer.columns if printer.columns == 42 else 0)
        self.paper.setCurrentIndex(papers.index(paper))
        if self.page.findData(printer.code_page) < 0:
            self.page.addItem(printer.code_page, printer.code_page)  # with a number of its own
        self.page.setCurrentIndex(self.page.findData(printer.code_page))
        self.receipt.setChecked(Role.RECEIPT.value in printer.roles)
        self.kitchen.setChecked(Role.KITCHEN.value in printer.roles)
        self.drawer.setChecked(printer.drawer)
        self.stations.setText(", ".join(printer.stations))
        self._show_kind()

    def _show_kind(self) -> None:
        kind = self.kind.currentData()
        self.address.setPlaceholderText(_PLACEHOLDERS[kind])
        system = kind == _SYSTEM
        self.fields["code_page"].setVisible(not system)
        self.drawer.setEnabled(not system)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def values(self) -> dict[str, object]:
        """Return what was entered, by the settings' names."""
        width, columns = self.paper.currentData()
        chosen = ((self.receipt, Role.RECEIPT), (self.kitchen, Role.KITCHEN))
        return {
            "name": self.name.text().strip(),
            "kind": self.kind.currentData(),
            "address": self.address.text().strip(),
            "width_mm": width,
            "columns": columns,
            "code_page": self.page.currentData(),
            "roles": [role.value for toggle, role in chosen if toggle.isChecked()],
            "stations": [name.strip() for name in self.stations.text().split(",") if name.strip()],
            "drawer": self.drawer.isChecked() and self.drawer.isEnabled(),
        }

    # -- acts ------------------------------------------------------------------------------------------

    def test(self) -> None:
        """Print a page with what is entered."""
        printer = self._entered()
        if printer is None or self._tester.busy:
            return
        doors = self._ctx.doors
        self.result_line.show_busy()
        self._refit()
        self._tester.run(lambda: doors.try_printer(printer), self._tested)

    def accept(self) -> None:
        """Save; the dialog closes when that went well."""
        printer = self._entered()
        if printer is None or self._busy:
            return
        self._busy = True
        doors, old = self._ctx.doors, self._old.name if self._old is not None else ""
        self._ctx.tasks.run(
            lambda: doors.save_printer(printer, old), self._saved, failed=self._refuse, owner=self
        )

    def _entered(self) -> Printer | None:
        """Return the printer that was entered; show what makes no sense."""
        for field in self.fields.values():
            field.set_error("")
        needed = {
            "name": (self.name, self.tr("Enter a name.")),
            "address": (self.address, self.tr("Enter where the printer is.")),
        }
        wrong = {name: text for name, (editor, text) in needed.items() if not editor.text().strip()}
        if not wrong:
            try:
                return make_printer(self.values())
            except RefusedError as error:
                wrong = error.fields
        self._refuse(RefusedError("", fields=wrong))
        return None

    def _refuse(self, error: PosError) -> None:
        self._busy = False
        for name, field in self.fields.items():
            field.set_error(error.fields.get(name, ""))
        wrong = [name for name in self.fields if name in error.fields]
        if wrong:
            self.fields[wrong[0]].editor.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.result_line.show_result(TestResult(ok=False, sentence=str(error)))
        self._refit()

    def _saved(self, config: Config) -> None:
        self._busy = False
        self._ctx.put_config(config)
        self._ctx.message.emit(self.tr("%1 is saved").replace("%1", self.name.text().strip()), None)
        super().accept()

    def _tested(self, result: TestResult) -> None:
        self.result_line.show_result(result)
        self._refit()

    def _refit(self) -> None:
        QTimer.singleShot(0, self, self.adjustSize)
