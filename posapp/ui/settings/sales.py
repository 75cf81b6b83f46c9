"""Settings: how the counter sells."""

from __future__ import annotations

from PySide6.QtCore import QTimer

from posapp.config import Config
from posapp.domain.errors import PosError
from posapp.ui.settings.promos import PromoCard
from posapp.ui.settings.section import Section, described, help_of, label_of
from posapp.ui.widgets.controls import Stepper, Toggle
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.inputs import TextInput

_WAIT_MS = 700
_SWITCHES = ("shift_required", "tips")
_TEXTS = ("currency", "cash_rounding")
_LIMIT = described("sales", "discount_limit")
_DIFFERENCE = described("sales", "difference_limit")


class SalesSection(Section):
    """Shift, tips, discounts, currency and the rounding of cash."""

    key = "sales"
    icon = "money"

    @property
    def title(self) -> str:
        return self.tr("Counter sales")

    def build(self) -> None:
        card = self.card(self.tr("At the counter"))
        self.switches: dict[str, Toggle] = {}
        for key in _SWITCHES:
            item = described("sales", key)
            toggle = Toggle(label_of(item))
            toggle.setObjectName(f"sales_{key}")
            toggle.clicked.connect(lambda on, key=key: self.keep("sales", key, bool(on), self.complain))
            self.row(card, label_of(item), help_of(item), toggle)
            self.switches[key] = toggle
        self.limit = Stepper(label_of(_LIMIT), 100, _LIMIT.minimum, _LIMIT.maximum, suffix=" %")
        self.limit.setObjectName("sales_discount_limit")
        self.limit.setSingleStep(5)
        self.limit.valueChanged.connect(
            lambda value: self.keep("sales", "discount_limit", int(value), self.complain)
        )
        self.row(card, label_of(_LIMIT), help_of(_LIMIT), self.limit)
        self.difference = Stepper(label_of(_DIFFERENCE), 0, _DIFFERENCE.minimum, _DIFFERENCE.maximum)
        self.difference.setObjectName("sales_difference_limit")
        self.difference.setSingleStep(100)
        self.difference.setKeyboardTracking(False)
        self.difference.valueChanged.connect(
            lambda value: self.keep("sales", "difference_limit", int(value), self.complain)
        )
        self.row(card, label_of(_DIFFERENCE), help_of(_DIFFERENCE), self.difference)
        promos = self.card(self.tr("Promos"), self.tr("given by name at the counter"))
        promos.column.addWidget(PromoCard(self.ctx))
        self._build_money()

    def _build_money(self) -> None:
        card = self.card(self.tr("Money"))
        self._last = ""  # what was typed in
        self.texts: dict[str, Field] = {}
        for key in _TEXTS:
            item = described("sales", key)
            edit = TextInput()
            edit.setObjectName(f"sales_{key}")
            field = Field(label_of(item), edit, help_text=help_of(item))
            field.setMaximumWidth(420)
            card.column.addWidget(field)
            card.column.addSpacing(8)
            edit.textEdited.connect(lambda _, key=key: self._typed(key))
            edit.editingFinished.connect(lambda key=key: self._save(key))
            self.texts[key] = field
            self._words += [label_of(item), help_of(item)]
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(lambda: self._save(self._last))

    def summary(self) -> str:
        return self.ctx.config.sale_rules.currency

    def put_config(self, config: Config) -> None:
        for key, toggle in self.switches.items():
            toggle.setChecked(bool(config.get("sales", key)))
        for stepper, key in ((self.limit, "discount_limit"), (self.difference, "difference_limit")):
            stepper.blockSignals(True)
            stepper.setValue(int(config.get("sales", key)))
            stepper.blockSignals(False)
        self.difference.setSuffix(f" {config.sale_rules.currency}")
        for key, field in self.texts.items():
            edit = field.editor
            if isinstance(edit, TextInput) and not edit.hasFocus():
                edit.setText(str(config.get("sales", key)))
                field.set_error("")

    def _typed(self, key: str) -> None:
        self._last = key
        self._timer.start()

    def _save(self, key: str) -> None:
        self._timer.stop()
        edit = self.texts[key].editor if key else None
        if isinstance(edit, TextInput) and edit.text().strip() != self.ctx.config.get("sales", key):
            self.keep("sales", key, edit.text().strip(), lambda error: self._failed(key, error))

    def _failed(self, key: str, error: PosError) -> None:
        self.texts[key].set_error(error.fields.get(key, str(error)))
