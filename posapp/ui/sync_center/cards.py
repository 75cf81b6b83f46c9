"""The cards over the queue: how each shop stands, and how much waits or needs a person."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import Theme, current_theme
from posapp.ui.widgets.paintkit import draw_text, focus_ring, rounded, smooth
from posapp.ui.widgets.tooltip import set_plain_tooltip

_HEIGHT, _PAD, _ICON = 72, 14, 26
_BIG = (20, 17, 15)  # sizes of the figure


@dataclass(frozen=True, slots=True)
class Face:
    """What a card shows: `tone` is ok, warn, danger, quiet, or a sync state; `loud` fills the card."""

    icon: str
    tone: str
    big: str
    word: str
    line: str
    loud: bool = False


class FigureCard(QAbstractButton):
    """One card; a click shows what it counts."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self.setObjectName(f"card_{key}")
        self._face = Face("info-fill", "quiet", "", "", "")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def face(self) -> Face:
        """Return what is shown."""
        return self._face

    def show_face(self, face: Face) -> None:
        """Show other figures."""
        if face == self._face:
            return
        self._face = face
        head = f"{face.big} {face.word}".strip()
        self.setAccessibleName(". ".join(part for part in (head, face.line) if part))
        set_plain_tooltip(self, f"{head}\n{face.line}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(180, current_theme().px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, current_theme().px(_HEIGHT))

    def clipped_texts(self) -> list[str]:
        """Return the figure if it does not fit; the other words are shortened, a tooltip has them."""
        theme = current_theme()
        width = fonts.text_width(self._face.big, theme.px(self._big(theme)), fonts.BOLD)
        return [self._face.big] if width > self._room(theme) else []

    def _big(self, theme: Theme) -> int:
        """Return the size of the figure: the largest in which it fits."""
        room = self._room(theme)
        fitting = (n for n in _BIG if fonts.text_width(self._face.big, theme.px(n), fonts.BOLD) <= room)
        return next(fitting, _BIG[-1])

    def _room(self, theme: Theme) -> int:
        return self.width() - 2 * _PAD - theme.px(_ICON) - 12

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme, face = current_theme(), self._face
        c = theme.palette
        solid, tint, ink = _colours(theme, face.tone)
        painter = smooth(self)
        box = self.rect()
        if self.hasFocus():
            box = focus_ring(painter, box, theme.radius.card, c.focus)
        ground = tint if face.loud else c.hover if self.underMouse() else c.surface
        rounded(painter, box, theme.radius.card, ground, solid if face.loud else c.border)
        size = theme.px(_ICON)
        paint_icon(painter, QRect(_PAD, (self.height() - size) // 2, size, size), face.icon, solid)
        left, middle = _PAD + size + 12, self.height() // 2
        big = self._big(theme)
        painter.setFont(theme.font(big, fonts.BOLD))
        upper = QRect(left, middle - theme.px(25), self._room(theme), theme.px(28))
        draw_text(painter, upper, face.big, Qt.AlignmentFlag.AlignLeft, c.text)
        after = fonts.text_width(face.big, theme.px(big), fonts.BOLD) + 8
        beside = upper.adjusted(after, theme.px(2), 0, 0)
        _shortened(painter, beside, face.word, theme.font(14, fonts.SEMIBOLD), c.text2)
        lower = QRect(left, middle + theme.px(4), self._room(theme), theme.px(20))
        _shortened(painter, lower, face.line, theme.font(13), ink if face.loud else c.text2)
        painter.end()


def _shortened(p: QPainter, rect: QRect, text: str, font: QFont, ink: QColor) -> None:
    p.setFont(font)
    shown = p.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(0, rect.width()))
    draw_text(p, rect, shown, Qt.AlignmentFlag.AlignLeft, ink)


def _colours(theme: Theme, tone: str) -> tuple[QColor, QColor, QColor]:
    if tone in theme.sync:
        look = theme.sync[tone]
        return look.solid, look.tint, look.text
    c = theme.palette
    if tone == "quiet":
        return c.text3, c.surface, c.text2
    return c.by_name(tone), c.by_name(f"{tone}_tint"), c.by_name(f"{tone}_text")


class CardRow(QWidget):
    """The cards side by side; `chosen` gives the key of the one that was clicked."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: dict[str, FigureCard] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(10)

    def card(self, key: str) -> FigureCard:
        """Return a card."""
        return self._cards[key]

    def show_faces(self, faces: dict[str, Face]) -> None:
        """Show these cards, in this order."""
        if list(faces) != list(self._cards):
            self._make(list(faces))
        for key, face in faces.items():
            self._cards[key].show_face(face)

    def _make(self, keys: list[str]) -> None:
        for card in self._cards.values():
            self._row.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = {key: FigureCard(key, self) for key in keys}
        for key, card in self._cards.items():
            card.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
            self._row.addWidget(card, 1)
            card.show()
