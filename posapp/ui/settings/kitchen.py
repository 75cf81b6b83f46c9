"""Settings: the kitchen board of this station, the sections of the kitchen, and when orders are started."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer

from posapp.config import Config
from posapp.domain.errors import PosError
from posapp.ui.settings.section import Section, described, help_of, label_of
from posapp.ui.widgets.controls import Stepper
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import ComboBox, TextArea

_WAIT_MS = 400
_SIZE = described("kitchen", "size")
_SHOWS = described("kitchen", "section")
_SECTIONS = described("kitchen", "sections")
_STEPPERS = (described("kitchen", "delivery_minutes"), described("kitchen", "pickup_minutes"))


class KitchenSection(Section):
    """Size and section of the board, lead times, sections."""

    key = "kitchen"
    icon = "bowl-steam"

    @property
    def title(self) -> str:
        return self.tr("Kitchen")

    def build(self) -> None:
        board = self.card(self.tr("This board"))
        self.size_choice = ComboBox()
        self.size_choice.setObjectName("kitchenSize")
        self.size_choice.addItem(self.tr("Bench"), "bench")
        self.size_choice.addItem(self.tr("Wall"), "wall")
        self.size_choice.setMinimumWidth(200)
        # As measured for the design: below 16 minutes of arc letters cannot be read well.
        floor = self.tr(
            "Wall: read from 2 m on 32 inches and more. Smaller screens are for the bench, from 1 m"
        )
        self.row(board, label_of(_SIZE), floor, self.size_choice)
        self.shows = ComboBox()
        self.shows.setObjectName("kitchenShows")
        self.shows.setMinimumWidth(200)
        self.row(board, label_of(_SHOWS), self.tr("The whole kitchen, or one of its sections"), self.shows)
        self._build_sections()
        self._build_times()
        self.size_choice.activated.connect(lambda _: self._chosen("size", self.size_choice))
        self.shows.activated.connect(lambda _: self._chosen("section", self.shows))

    def _build_sections(self) -> None:
        card = self.card(label_of(_SECTIONS), self.tr("an order is ready when all of them are"))
        self.sections = TextArea(lines=4)
        self.sections.setObjectName("kitchenSections")
        self.sections.installEventFilter(self)
        help_text = self.tr(
            "One per line with its categories, such as “Pizza: pizzas, sides”. None: one kitchen"
        )
        self.field = Field(self.tr("Sections"), self.sections, help_text=help_text)
        self.field.setMaximumWidth(520)
        card.column.addWidget(self.field)
        self._words += [label_of(_SECTIONS), help_text]

    def _build_times(self) -> None:
        card = self.card(self.tr("Scheduled orders"), self.tr("they start by themselves, once"))
        self._steppers: dict[str, Stepper] = {}
        for item in _STEPPERS:
            stepper = Stepper(label_of(item), item.minimum, item.minimum, item.maximum)
            stepper.setObjectName(f"kitchen_{item.key}")
            stepper.valueChanged.connect(self._later)
            self.row(card, label_of(item), help_of(item), stepper)
            self._steppers[item.key] = stepper
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self._save_times)

    def summary(self) -> str:
        setup = self.ctx.config.kitchen
        return setup.section.name or (self.tr("Wall") if setup.wall else self.tr("Bench"))

    def put_config(self, config: Config) -> None:
        setup = config.kitchen
        self.size_choice.setCurrentIndex(self.size_choice.findData(config.get("kitchen", "size")))
        self.shows.clear()
        self.shows.addItem(self.tr("Whole kitchen"), "")
        for section in setup.sections:
            self.shows.addItem(section.name, section.name)
        self.shows.setCurrentIndex(max(0, self.shows.findData(setup.section.name)))
        if not self.sections.hasFocus():
            self.sections.setPlainText("\n".join(config.get("kitchen", "sections")))
            self.field.set_error("")
        if not self._timer.isActive():
            for key, stepper in self._steppers.items():
                stepper.blockSignals(True)
                stepper.setValue(int(config.get("kitchen", key)))
                stepper.blockSignals(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.sections and event.type() == QEvent.Type.FocusOut:
            self._save_sections()
        return super().eventFilter(watched, event)

    def _chosen(self, key: str, box: ComboBox) -> None:
        value = str(box.currentData())
        if value != self.ctx.config.get("kitchen", key):
            self.keep("kitchen", key, value, self.complain)

    def _later(self, _value: int) -> None:
        self._timer.start()

    def _save_times(self) -> None:
        for key, stepper in self._steppers.items():
            if stepper.value() != self.ctx.config.get("kitchen", key):
                self.keep("kitchen", key, stepper.value(), self.complain)

    def _save_sections(self) -> None:
        entered = tuple(line for line in self.sections.toPlainText().split("\n") if line.strip())
        if entered != self.ctx.config.get("kitchen", "sections"):
            self.keep("kitchen", "sections", entered, self._failed)

    def _failed(self, error: PosError) -> None:
        self.field.set_error(error.fields.get("sections", str(error)))
