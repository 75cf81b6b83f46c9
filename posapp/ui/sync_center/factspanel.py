"""The right side for all that is no conflict: what it is, the shop's own words, facts, what can be done."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.text import clean_text
from posapp.ui import fonts
from posapp.ui.detail.texts import breakable
from posapp.ui.sync_center.facts import Act, Facts
from posapp.ui.sync_center.twoends import TwoEnds
from posapp.ui.theme import current_theme
from posapp.ui.widgets.area import plain_area
from posapp.ui.widgets.buttons import Button, ButtonLook
from posapp.ui.widgets.card import Icon
from posapp.ui.widgets.chip import Chip, ChipTone
from posapp.ui.widgets.inputs import TextArea
from posapp.ui.widgets.paintkit import Painted, rounded, smooth
from posapp.ui.widgets.text import PlainLabel

_SHOWN = 65_536
_TONES = {"ok": ChipTone.OK, "warn": ChipTone.WARN, "danger": ChipTone.DANGER}


class Quote(Painted):
    """The words of somebody else, on their own ground."""

    def __init__(self) -> None:
        super().__init__()
        self._tone = "danger"
        self.words = PlainLabel("", weight=fonts.SEMIBOLD, wrap=True)
        self.words.setObjectName("serverWords")
        self.words.set_selectable()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.addWidget(self.words)

    def show_words(self, text: str, tone: str) -> None:
        """Show the words in a tone; none hide it."""
        self._tone = tone
        self.words.setText(breakable(clean_text(text)))
        self.words.set_tone(f"{tone}_text")
        self.setVisible(bool(text))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        c = current_theme().palette
        painter = smooth(self)
        rounded(painter, self.rect(), current_theme().radius.control, c.by_name(f"{self._tone}_tint"))
        painter.fillRect(QRect(0, 8, 3, self.height() - 16), c.by_name(self._tone))
        painter.end()


class FactsPanel(QWidget):
    """Shows one `Facts`; `acted` tells what a person wants to do about it."""

    acted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("syncFacts")
        self._shown: Facts | None = None
        self._icon = Icon("info-fill", size=22, tone="accent")
        self._title = PlainLabel("", px=20, weight=fonts.BOLD, wrap=True)
        self._title.setObjectName("factsTitle")
        self._chip = Chip()
        self._sentence = PlainLabel("", tone="text2", wrap=True)
        self._sentence.setObjectName("factsSentence")
        self._quote = Quote()
        self._pairs = QGridLayout()
        self._pairs.setHorizontalSpacing(20)
        self._pairs.setVerticalSpacing(8)
        self._pairs.setColumnMinimumWidth(0, 130)
        self._pairs.setColumnStretch(1, 1)
        self._raw = TextArea(lines=9)
        self._raw.setObjectName("factsRaw")
        self._raw.setReadOnly(True)
        self._raw.setAccessibleName(self.tr("As it was received"))
        self.buttons = {act: self._button(act) for act in Act}
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        head.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignTop)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(14)
        column.addWidget(self._sentence)
        column.addWidget(self._quote)
        column.addLayout(self._pairs)
        column.addWidget(self._raw)
        column.addStretch(1)
        scroll = plain_area(inside)
        left = (Act.EDIT, Act.RETRY, Act.KEY, Act.SEND, Act.COPY, Act.OPEN)
        feet = TwoEnds([self.buttons[act] for act in left], [self.buttons[Act.DISCARD]])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(18, 16, 18, 16)
        whole.setSpacing(12)
        whole.addLayout(head)
        whole.addWidget(scroll, 1)
        whole.addWidget(feet)

    def _button(self, act: Act) -> Button:
        text, icon, key, look = {
            Act.EDIT: (self.tr("Fix in editor"), "note-pencil", "E", ButtonLook.PRIMARY),
            Act.RETRY: (self.tr("Retry"), "arrow-clockwise", "R", ButtonLook.SECONDARY),
            Act.OPEN: (self.tr("Open order"), "list-bullets", "O", ButtonLook.SECONDARY),
            Act.DISCARD: (self.tr("Discard…"), "", "Del", ButtonLook.DANGER),
            Act.COPY: (self.tr("Copy for support"), "note", "C", ButtonLook.SECONDARY),
            Act.KEY: (self.tr("Enter a new key"), "gear", "", ButtonLook.PRIMARY),
            Act.SEND: (self.tr("Ask now"), "arrows-clockwise", "F5", ButtonLook.SECONDARY),
        }[act]
        button = Button(text, look=look, icon=icon, key=key)
        button.setObjectName(f"sync_{act.value}")
        button.clicked.connect(lambda: self.acted.emit(act.value))
        return button

    @property
    def facts(self) -> Facts | None:
        """Return what is shown."""
        return self._shown

    def offers(self, act: Act) -> bool:
        """Tell whether an act is offered."""
        return self._shown is not None and act in self._shown.acts

    def show_facts(self, facts: Facts) -> None:
        """Show what is known of an entry."""
        if facts == self._shown:
            return
        other = self._shown is None or facts.raw != self._shown.raw
        self._shown = facts
        self._icon.show_icon(facts.icon, facts.tone)
        self._title.setText(breakable(facts.title))
        self._chip.show_text(facts.chip, tone=_TONES.get(facts.tone, ChipTone.NEUTRAL))
        self._chip.setVisible(bool(facts.chip))
        self._sentence.setText(breakable(facts.sentence))
        self._quote.show_words(facts.quote, facts.tone)
        self._put_pairs(facts.pairs)
        self._raw.setVisible(bool(facts.raw))
        if other:
            self._raw.setPlainText(clean_text(facts.raw[:_SHOWN]))
        for act, button in self.buttons.items():
            button.setVisible(act in facts.acts)

    def _put_pairs(self, pairs: tuple[tuple[str, str], ...]) -> None:
        while self._pairs.count():
            item = self._pairs.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, (name, value) in enumerate(pairs):
            label = PlainLabel(name, px=13, tone="text2")
            self._pairs.addWidget(label, place, 0, Qt.AlignmentFlag.AlignTop)
            text = PlainLabel(breakable(clean_text(value)), wrap=True)
            text.setAccessibleName(f"{name}: {value}")
            self._pairs.addWidget(text, place, 1)
