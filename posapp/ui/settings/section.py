"""The base of all sections: cards of settings that are saved as soon as they are changed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.config import Config
from posapp.config_fields import SETTINGS, Described, Value
from posapp.domain.errors import PosError
from posapp.ui.context import Context
from posapp.ui.widgets.card import Card, Divider, SectionTitle, SettingRow

translate = QCoreApplication.translate


def described(section: str, key: str) -> Described:
    """Return the description of a setting."""
    return next(item for item in SETTINGS if (item.section, item.key) == (section, key))


def label_of(item: Described) -> str:
    """Return what a setting is called."""
    return translate("settings", item.label)


def help_of(item: Described) -> str:
    """Return a setting's sentence of help."""
    return translate("settings", item.help)


class Section(QWidget):
    """One entry of the list on the left, with its cards.

    `save_wanted(section, key, value, failed)` asks the screen to save; `failed` is called with the error.
    `act_wanted(act, back, failed)` asks it to do what no single setting is: both return all settings.
    """

    save_wanted = Signal(str, str, object, object)
    act_wanted = Signal(object, object, object)
    summary_changed = Signal()

    key = ""
    icon = ""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.ctx = ctx
        self._words: list[str] = []
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(10)
        self.build()
        self.column.addStretch(1)

    @property
    def title(self) -> str:
        """Return the name of the section."""
        raise NotImplementedError

    def build(self) -> None:
        """Make the cards."""
        raise NotImplementedError

    def summary(self) -> str:
        """Return the line under the name in the list."""
        return ""

    def put_config(self, config: Config) -> None:
        """Show the settings as they are now, without saving anything."""

    def shown(self) -> None:
        """Be told that the section came to the front."""

    def matches(self, search: str) -> bool:
        """Tell whether a search finds this section or one of its settings."""
        wanted = search.casefold().split()
        text = " ".join([self.title, *self._words]).casefold()
        return all(word in text for word in wanted)

    def card(self, title: str, remark: str = "") -> Card:
        """Add a card and return it."""
        card = Card(padding=18, spacing=0)
        card.column.addWidget(SectionTitle(title, remark))
        card.column.addSpacing(6)
        self._words += [title, remark]
        self.column.addWidget(card)
        return card

    def row(self, card: Card, title: str, help_text: str, control: QWidget) -> SettingRow:
        """Add a setting to a card, under a line if it is not the first."""
        if card.findChild(SettingRow) is not None:
            card.column.addWidget(Divider())
        row = SettingRow(title, help_text, control)
        card.column.addWidget(row)
        self._words += [title, help_text]
        return row

    def keep(self, section: str, key: str, value: Value, failed: Callable[[PosError], None]) -> None:
        """Save a setting now."""
        self.save_wanted.emit(section, key, value, failed)

    def complain(self, error: PosError) -> None:
        """Show that a setting was not saved, where no field can."""
        self.put_config(self.ctx.config)
        self.ctx.problem.emit(error)
