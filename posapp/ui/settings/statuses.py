"""Settings: what the two status numbers of a staff shop mean, one row for each status."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from posapp.config import RemoteConfig
from posapp.domain.errors import PosError
from posapp.domain.status import Status
from posapp.ui import fonts
from posapp.ui.theme import current_theme
from posapp.ui.widgets.controls import Stepper
from posapp.ui.widgets.text import PlainLabel
from posapp.ui.words import status_word

_WAIT_MS = 600  # after the last turn
_MOST_ORDER, _MOST_DELIVERY = 4, 2
_UNCHANGED = -1  # how a delivery that stays as it is, stands in its stepper
_ROWS = 4  # in each of the two halves


class _Number(Stepper):
    """One of the two numbers; `unchanged` offers that the shop's own stays as it is."""

    def __init__(self, name: str, most: int, unchanged: str) -> None:
        super().__init__(name, 0, _UNCHANGED if unchanged else 0, most)
        if unchanged:
            self.setSpecialValueText(unchanged)
            self.setFont(current_theme().font(13, fonts.BOLD))

    def sizeHint(self) -> QSize:
        words = fonts.text_width(self.specialValueText(), current_theme().px(13), fonts.BOLD)
        return QSize(2 * current_theme().control + max(44, words + 20), current_theme().control)


class StatusNumbers(QWidget):
    """Eight rows of two numbers; `changed` tells all of them once the hand rests."""

    changed = Signal(object)  # dict[Status, tuple[int, ...]]

    def __init__(self, remote: RemoteConfig, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"statuses_{remote.name}")
        self._shown = remote.status_numbers
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self._tell)
        self.numbers: dict[Status, tuple[Stepper, Stepper]] = {}
        self._wrong = PlainLabel("", px=13, weight=fonts.MEDIUM, tone="danger_text", wrap=True)
        self._wrong.setObjectName("statusesWrong")
        self._wrong.hide()
        words = self.tr(
            "The shop stores a status as two numbers. Change them only if your shop counts otherwise."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(PlainLabel(words, px=13, tone="text2", wrap=True))
        column.addLayout(self._grid())
        column.addWidget(self._wrong)
        self._show(self._shown)

    @property
    def error(self) -> str:
        """Return what is wrong with the numbers, "" if nothing is."""
        return "" if self._wrong.isHidden() else self._wrong.text()

    @property
    def busy(self) -> bool:
        """Tell whether numbers are shown that are not saved."""
        return self._timer.isActive() or bool(self.error)

    def values(self) -> dict[Status, tuple[int, ...]]:
        """Return the numbers as they stand there."""
        return {
            status: (order.value(),) if delivery.value() == _UNCHANGED else (order.value(), delivery.value())
            for status, (order, delivery) in self.numbers.items()
        }

    def put(self, remote: RemoteConfig) -> None:
        """Show the saved numbers, unless a person is about to change them."""
        self._shown = remote.status_numbers
        if not self.busy:
            self._show(self._shown)

    def saved(self) -> None:
        """Note that the numbers are saved."""
        self._complain("")

    def refuse(self, error: PosError) -> None:
        """Say why they were not saved; they stay as they were entered."""
        clash = next((name for name in error.fields if name.startswith("statuses.")), "")
        if not clash:
            self._complain(error.title)
            return
        text = self.tr("“%1” has the numbers of another status. New, delivered and cancelled need their own.")
        self._complain(text.replace("%1", status_word(clash.partition(".")[2])))

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        for half in range(2):
            for column, title in ((1, "order_status"), (2, "delivery_status")):
                head = PlainLabel(title, px=12, weight=fonts.MEDIUM, tone="text3")
                grid.addWidget(head, 0, 4 * half + column, Qt.AlignmentFlag.AlignLeft)
        for place, status in enumerate(Status):
            self._add_row(grid, status, 1 + place % _ROWS, 4 * (place // _ROWS))
        grid.setColumnMinimumWidth(3, 18)
        grid.setColumnStretch(7, 1)
        return grid

    def _add_row(self, grid: QGridLayout, status: Status, row: int, column: int) -> None:
        word = status_word(status)
        unchanged = self.tr("unchanged") if status is Status.CANCELLED else ""
        order = _Number(f"{word}: order_status", _MOST_ORDER, "")
        delivery = _Number(f"{word}: delivery_status", _MOST_DELIVERY, unchanged)
        order.setObjectName(f"{status}_order")
        delivery.setObjectName(f"{status}_delivery")
        grid.addWidget(PlainLabel(word, px=13, weight=fonts.MEDIUM), row, column)
        for offset, stepper in enumerate((order, delivery), 1):
            grid.addWidget(stepper, row, column + offset, Qt.AlignmentFlag.AlignLeft)
            stepper.valueChanged.connect(lambda _value: self._timer.start())
        self.numbers[status] = (order, delivery)

    def _show(self, numbers: dict[Status, tuple[int, ...]]) -> None:
        for status, row in numbers.items():
            order, delivery = self.numbers[status]
            order.setValue(row[0])
            delivery.setValue(row[1] if len(row) > 1 else _UNCHANGED)
        self._timer.stop()

    def _tell(self) -> None:
        if self.values() == self._shown:
            self._complain("")
        else:
            self.changed.emit(self.values())

    def _complain(self, sentence: str) -> None:
        self._wrong.setText(sentence)
        self._wrong.setVisible(bool(sentence))
