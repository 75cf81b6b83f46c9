"""Why something is given up: one of the usual reasons, and words of one's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from posapp.ui.widgets.inputs import ComboBox, TextInput

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Why:
    """What was chosen and typed, to be put back where the act was not done."""

    choice: int
    words: str


class WhyFields:
    """The two fields, to be put into a dialog."""

    def __init__(self, name: str, reasons: Iterable[str]) -> None:
        self.choice = ComboBox()
        self.choice.setObjectName(f"{name}Reason")
        for reason in reasons:
            self.choice.addItem(reason)
        self.words = TextInput()
        self.words.setObjectName(f"{name}Words")
        self.words.setMaxLength(LONGEST)

    @property
    def typed(self) -> Why:
        """Return what is chosen and typed."""
        return Why(self.choice.currentIndex(), self.words.text())

    def put(self, typed: Why | None) -> None:
        """Put back what was chosen and typed before."""
        if typed is not None:
            self.choice.setCurrentIndex(typed.choice)
            self.words.setText(typed.words)

    @property
    def reason(self) -> str:
        """Return the chosen reason with what was added in words."""
        words = self.words.text().strip()
        return f"{self.choice.currentText()}: {words}" if words else self.choice.currentText()
