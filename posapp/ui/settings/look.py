"""Settings: language and look."""

from __future__ import annotations

from posapp.config import Config
from posapp.ui.settings.section import Section, described, label_of
from posapp.ui.widgets.controls import Toggle
from posapp.ui.widgets.inputs import ComboBox

_THEME = described("look", "theme")
_LETTERS = described("look", "letter_keys")


class LookSection(Section):
    """Theme and keys."""

    key = "look"
    icon = "translate"

    @property
    def title(self) -> str:
        return self.tr("Look and keys")

    def build(self) -> None:
        card = self.card(self.tr("Look"))
        self.theme = ComboBox()
        self.theme.setObjectName("themeChoice")
        for name in _THEME.choices:
            self.theme.addItem(self._theme_word(name), name)
        self.theme.setFixedWidth(200)
        self.row(card, label_of(_THEME), self.tr("Applies at once, on every screen"), self.theme)
        keys = self.card(self.tr("Keys"), self.tr("F1 lists them all"))
        self.letters = Toggle(label_of(_LETTERS))
        self.letters.setObjectName("letterKeys")
        self.row(
            keys,
            label_of(_LETTERS),
            self.tr("Such as S for schedule and M for silence. Off: every act still has a button"),
            self.letters,
        )
        self.theme.activated.connect(self._chosen)
        self.letters.clicked.connect(lambda on: self.keep("look", "letter_keys", bool(on), self.complain))

    def summary(self) -> str:
        return self._theme_word(str(self.ctx.config.get("look", "theme")))

    def put_config(self, config: Config) -> None:
        self.theme.setCurrentIndex(self.theme.findData(config.get("look", "theme")))
        self.letters.setChecked(bool(config.get("look", "letter_keys")))

    def _theme_word(self, name: str) -> str:
        words = {
            "system": self.tr("As the system"),
            "light": self.tr("Light"),
            "dark": self.tr("Dark"),
        }
        return words.get(name, name)

    def _chosen(self) -> None:
        name = str(self.theme.currentData())
        if name != self.ctx.config.get("look", "theme"):
            self.keep("look", "theme", name, self.complain)
