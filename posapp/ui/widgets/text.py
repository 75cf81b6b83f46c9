"""The one label of the app: always plain text, in one of the theme's tones."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from posapp.ui.fonts import REGULAR
from posapp.ui.theme import current_theme
from posapp.ui.widgets.tooltip import set_plain_tooltip

_ELLIPSIS = "…"


class PlainLabel(QLabel):
    """A line or paragraph of plain text.

    With `elide` it shortens to one line and tells the rest in a tooltip; use that for names and addresses,
    never for money, codes or timers.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        px: int = 14,
        weight: int = REGULAR,
        tone: str = "text",
        elide: bool = False,
        wrap: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._px, self._weight, self._elide, self._tone = px, weight, elide, tone
        self.setProperty("tone", tone)
        self.setWordWrap(wrap and not elide)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFont(current_theme().font(px, weight))
        self.setText(text)

    @property
    def tone(self) -> str:
        """Return the name of the colour token that the text wears."""
        return self._tone

    def set_tone(self, tone: str) -> None:
        """Change the colour of the text to another token, such as "danger_text"."""
        if tone == self._tone:
            return
        self._tone = tone
        self.setProperty("tone", tone)
        self.style().unpolish(self)
        self.style().polish(self)
        self.update()

    def set_weight(self, weight: int) -> None:
        """Change the weight of the text."""
        self._weight = weight
        self.setFont(current_theme().font(self._px, weight))

    def set_selectable(self) -> None:
        """Let people mark and copy the text; not for labels that elide."""
        flag = Qt.TextInteractionFlag
        self.setTextInteractionFlags(flag.TextSelectableByMouse | flag.TextSelectableByKeyboard)

    def setText(self, text: str) -> None:
        if text == self.text():
            return
        super().setText(text)
        self._note_elision()

    def shown_text(self) -> str:
        """Return what is on the screen: the text, or its shortened form."""
        if not self._elide:
            return self.text()
        line = " ".join(self.text().splitlines())
        return self.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, self.contentsRect().width())

    def elides(self) -> bool:
        """Return whether this label may shorten its text."""
        return self._elide

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        if not self._elide:
            return hint
        metrics = self.fontMetrics()
        short = min(hint.width(), metrics.horizontalAdvance("MMM" + _ELLIPSIS))
        return QSize(short, metrics.height())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            wanted = current_theme().font(self._px, self._weight)
            if wanted.pixelSize() != self.font().pixelSize():
                self.setFont(wanted)
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._note_elision()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._elide:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(current_theme().palette.by_name(self._tone))
        flags = self.alignment() | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(self.contentsRect(), int(flags), self.shown_text())

    def _note_elision(self) -> None:
        if self._elide:
            cut = self.shown_text() != self.text()
            set_plain_tooltip(self, self.text() if cut else "")
