"""The error summary: how many fields keep the order from being saved, and the way to the first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.fonts import BOLD, SEMIBOLD
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button, ButtonLook
from posapp.ui.widgets.paintkit import Painted, rounded, smooth
from posapp.ui.widgets.text import PlainLabel

_HEIGHT = 62


class ErrorBand(Painted):
    """Stands over the fields while something is wrong."""

    next_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("errorSummary")
        self._title = PlainLabel("", px=15, weight=BOLD, tone="danger_text")
        self._words = PlainLabel("", px=13, weight=SEMIBOLD, tone="danger_text", elide=True)
        self.button = Button(
            self.tr("Go to first"), look=ButtonLook.DANGER_OUTLINE, key="F8", height=36, px=13
        )
        self.button.setObjectName("nextErrorButton")
        self.button.clicked.connect(self.next_wanted)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._words)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(44, 4, 10, 4)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(self.button)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), current_theme().px(_HEIGHT))

    @property
    def text(self) -> str:
        """Return what the band says."""
        return f"{self._title.text()} {self._words.text()}".strip()

    def show_problems(self, problems: Sequence[str]) -> None:
        """Show how many there are and what they are; none hides the band."""
        if not problems:
            self.hide()
            return
        count = len(problems)
        title = self.tr("Fix 1 field to save") if count == 1 else self.tr("Fix %1 fields to save")
        self._title.setText(title.replace("%1", str(count)))
        self._words.setText("  ·  ".join(problems))
        if self.accessibleName() != self.text or self.isHidden():
            announce(self, self.text)
        self.setAccessibleName(self.text)
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        painter = smooth(self)
        rounded(painter, self.rect(), theme.radius.card, c.danger_tint, c.danger)
        paint_icon(painter, QRect(12, 13, 20, 20), "warning-octagon-fill", c.danger)
        painter.end()


def short_of(sentence: str) -> str:
    """Return a sentence without what it advises: "Name is too long"."""
    for end in (" — ", ". "):
        sentence = sentence.split(end, 1)[0]
    return sentence.rstrip(".")
