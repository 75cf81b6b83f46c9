"""Settings: look, touch and keys."""

from __future__ import annotations

from PySide6.QtCore import QTimer

from posapp.config import Config
from posapp.ui.settings.section import Section, described, label_of
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.controls import Stepper, Toggle
from posapp.ui.widgets.inputs import ComboBox

_WAIT_MS = 400
_TEXT_STEP = 10
_LETTERS = described("look", "letter_keys")
_SCALE = described("look", "text_scale")


class LookSection(Section):
    """Theme, contrast, size of text and buttons, and keys."""

    key = "look"
    icon = "translate"

    @property
    def title(self) -> str:
        return self.tr("Look and keys")

    def build(self) -> None:
        self._choices: dict[str, ComboBox] = {}
        card = self.card(self.tr("Look"), self.tr("applies at once, on every screen"))
        self.theme = self._choice(card, "theme", "themeChoice", self.tr("Light, dark, or as the system"))
        self._choice(card, "contrast", "contrastChoice", self.tr("Black and white with strong borders"))
        self.scale = Stepper(label_of(_SCALE), _SCALE.minimum, _SCALE.minimum, _SCALE.maximum, suffix=" %")
        self.scale.setObjectName("textScale")
        self.scale.setSingleStep(_TEXT_STEP)
        self.row(card, label_of(_SCALE), self.tr("100 to 150 %. What does not fit scrolls"), self.scale)
        touch = self.card(self.tr("Touch"))
        self._choice(touch, "touch", "touchChoice", self.tr("Turns on by itself at the first touch"))
        keys = self.card(self.tr("Keys"), self.tr("F1 lists them all, Ctrl+K finds every act"))
        self.letters = Toggle(label_of(_LETTERS))
        self.letters.setObjectName("letterKeys")
        self.row(
            keys,
            label_of(_LETTERS),
            self.tr("Such as S for schedule and M for silence. Off: every act still has a button"),
            self.letters,
        )
        self.letters.clicked.connect(lambda on: self.keep("look", "letter_keys", bool(on), self.complain))
        # The whole window is laid out anew: not before the hand rests.
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self._save_scale)
        self.scale.valueChanged.connect(lambda _: self._timer.start())

    def _choice(self, card: Card, key: str, name: str, help_text: str) -> ComboBox:
        item = described("look", key)
        box = ComboBox()
        box.setObjectName(name)
        for value in item.choices:
            box.addItem(self._word(value), value)
        box.setMinimumWidth(200)
        self.row(card, label_of(item), help_text, box)
        box.activated.connect(lambda _: self._chosen(key))
        self._choices[key] = box
        return box

    def summary(self) -> str:
        return self._word(str(self.ctx.config.get("look", "theme")))

    def put_config(self, config: Config) -> None:
        for key, box in self._choices.items():
            box.setCurrentIndex(box.findData(config.get("look", key)))
        if not self._timer.isActive():
            self.scale.blockSignals(True)
            self.scale.setValue(int(config.get("look", "text_scale")))
            self.scale.blockSignals(False)
        self.letters.setChecked(bool(config.get("look", "letter_keys")))

    def _word(self, value: str) -> str:
        words = {
            "system": self.tr("As the system"),
            "light": self.tr("Light"),
            "dark": self.tr("Dark"),
            "auto": self.tr("Automatic"),
            "on": self.tr("On"),
            "off": self.tr("Off"),
        }
        return words.get(value, value)

    def _chosen(self, key: str) -> None:
        value = str(self._choices[key].currentData())
        if value != self.ctx.config.get("look", key):
            self.keep("look", key, value, self.complain)

    def _save_scale(self) -> None:
        if self.scale.value() != self.ctx.config.get("look", "text_scale"):
            self.keep("look", "text_scale", self.scale.value(), self.complain)
