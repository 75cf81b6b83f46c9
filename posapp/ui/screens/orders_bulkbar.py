"""The bar under the list while several orders are ticked: how many, and what can be done with all of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from posapp.config import Config
from posapp.domain.status import Status
from posapp.domain.tickets import TicketKind
from posapp.storage.dispatch import CourierRow
from posapp.storage.rows import OrderRow
from posapp.ui.detail.stepfacts import next_step_of
from posapp.ui.fonts import SEMIBOLD
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import IconButton, primary_button, secondary_button
from posapp.ui.widgets.card import Surface
from posapp.ui.widgets.text import PlainLabel

translate = QCoreApplication.translate


def step_words(rows: Sequence[OrderRow]) -> tuple[str, str]:
    """Return the word and icon of the step that these orders share, of "next step" if they differ."""
    steps = [next_step_of(row) for row in rows]
    words = {
        step.target: (_short(row, step.text), step.icon)
        for row, step in zip(rows, steps, strict=True)
        if step
    }
    if len(words) == 1:
        return next(iter(words.values()))
    return translate("bulk", "Next step"), "check-circle-fill"


def _short(row: OrderRow, text: str) -> str:
    return translate("bulk", "Accept") if row.status == Status.CREATED else text


class OrdersBulkBar(Surface):
    """Offers the acts; it is there only while something is ticked."""

    next_wanted = Signal()
    courier_chosen = Signal(object)  # CourierRow
    print_chosen = Signal(object)  # TicketKind
    clear_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, colour="selected", line="top")
        self.setObjectName("bulkBar")
        self._couriers: tuple[CourierRow, ...] = ()
        self._count = PlainLabel("", weight=SEMIBOLD, tone="accent_text")
        self._count.setObjectName("bulkCount")
        self.next_button = primary_button("", key="Enter", height=44)
        self.next_button.setObjectName("bulkNextButton")
        self.courier_button = secondary_button(self.tr("Courier"), icon="moped-fill", height=44)
        self.courier_button.setObjectName("bulkCourierButton")
        self.courier_button.setAccessibleName(self.tr("Assign the selected orders to a courier"))
        self._printers: dict[TicketKind, str] = {}
        self.print_button = IconButton("printer", self.tr("Print the selected orders"), key="Ctrl+P")
        self.print_button.setObjectName("bulkPrintButton")
        self.print_button.clicked.connect(self.open_prints)
        self.clear_button = IconButton("x", self.tr("Select none"), key="Esc", quiet=True)
        self.clear_button.setObjectName("bulkClearButton")
        self.next_button.clicked.connect(self.next_wanted)
        self.courier_button.clicked.connect(self._open_couriers)
        self.clear_button.clicked.connect(self.clear_wanted)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 7, 8, 6)
        line.setSpacing(8)
        line.addWidget(self._count)
        line.addStretch(1)
        line.addWidget(self.next_button)
        line.addWidget(self.courier_button)
        line.addWidget(self.print_button)
        line.addWidget(self.clear_button)
        self.hide()

    def show_rows(self, rows: Sequence[OrderRow], couriers: Sequence[CourierRow]) -> None:
        """Say what is ticked and offer what is possible with it."""
        self._couriers = tuple(courier for courier in couriers if courier.on_duty)
        self.setVisible(bool(rows))
        if not rows:
            return
        text = self.tr("%1 selected").replace("%1", str(len(rows)))
        if text != self._count.text():
            announce(self, text)
        self._count.setText(text)
        self.setAccessibleName(text)
        word, icon = step_words(rows)
        self.next_button.setVisible(any(next_step_of(row) is not None for row in rows))
        self.next_button.setText(word)
        self.next_button.set_icon_name(icon)
        name = self.tr("%1 for %2 orders, Enter").replace("%1", word).replace("%2", str(len(rows)))
        self.next_button.setAccessibleName(name)
        rides = any(row.kind == "delivery" and row.status in ("cooking", "ondelivery") for row in rows)
        self.courier_button.setVisible(rides and bool(self._couriers))

    def show_printers(self, config: Config) -> None:
        """Offer what this station has printers for."""
        found = {kind: config.printer_for(kind.value) for kind in (TicketKind.RECEIPT, TicketKind.KITCHEN)}
        self._printers = {kind: printer.name for kind, printer in found.items() if printer is not None}
        self.print_button.setVisible(bool(self._printers))

    def open_prints(self) -> bool:
        """Let a person choose what to print; tell whether there is a printer for anything."""
        words = {
            TicketKind.RECEIPT: self.tr("Receipts on %1"),
            TicketKind.KITCHEN: self.tr("Kitchen tickets on %1"),
        }
        if not self._printers:
            return False
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.print_button.accessibleName())
        for kind, printer in self._printers.items():
            action = menu.addAction(words[kind].replace("%1", printer).replace("&", "&&"))
            action.setObjectName(f"bulkPrint_{kind.value}")
            action.triggered.connect(lambda _=False, kind=kind: self.print_chosen.emit(kind))
        menu.popup(self.print_button.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 2)))
        menu.setActiveAction(menu.actions()[0])
        return True

    def _open_couriers(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName(self.courier_button.accessibleName())
        for courier in self._couriers:
            action = menu.addAction(courier.name.replace("&", "&&"))
            action.setObjectName(f"bulkCourier_{courier.pk}")
            action.triggered.connect(lambda _=False, courier=courier: self.courier_chosen.emit(courier))
        menu.popup(self.courier_button.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 2)))
