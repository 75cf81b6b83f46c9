"""Chips: a small coloured box with an icon and a word, for statuses and facts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import Look, Theme, current_theme
from posapp.ui.widgets.paintkit import Painted, draw_text, rounded, smooth
from posapp.ui.words import status_word, sync_word


class ChipTone(StrEnum):
    """Colours of a chip that is neither a status nor a sync state."""

    NEUTRAL = "neutral"
    OK = "ok"
    WARN = "warn"
    DANGER = "danger"
    ACCENT = "accent"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class ChipSize:
    """Measures of a chip in logical pixels."""

    height: int
    px: int
    icon: int
    pad: int = 8
    gap: int = 5


USUAL = ChipSize(24, 12, 16)
LARGE = ChipSize(26, 13, 16, pad=9)
FACT = ChipSize(22, 12, 14)
SMALL = ChipSize(20, 12, 14, pad=7)


@dataclass(frozen=True, slots=True)
class ChipDress:
    """Colours of a chip."""

    fill: QColor
    ink: QColor
    icon: QColor


def look_dress(look: Look) -> ChipDress:
    """Return the chip colours of a status or sync state."""
    return ChipDress(look.tint, look.text, look.solid)


def tone_dress(theme: Theme, tone: ChipTone) -> ChipDress:
    """Return the chip colours of a tone."""
    c = theme.palette
    match tone:
        case ChipTone.NEUTRAL:
            return ChipDress(c.hover if theme.name == "dark" else c.sunken, c.text2, c.text2)
        case ChipTone.OK:
            return ChipDress(c.ok_tint, c.ok_text, c.ok)
        case ChipTone.WARN:
            return ChipDress(c.warn_tint, c.warn_text, c.warn)
        case ChipTone.DANGER:
            return ChipDress(c.danger_tint, c.danger_text, c.danger)
        case ChipTone.ACCENT:
            return ChipDress(c.accent_tint, c.accent_text, c.accent)
        case ChipTone.LATE:
            return ChipDress(c.danger, c.on_danger, c.on_danger)


def chip_width(theme: Theme, text: str, *, icon: bool = True, size: ChipSize = USUAL) -> int:
    """Return the width of a chip in logical pixels."""
    lead = theme.px(size.icon) + size.gap if icon else 0
    return 2 * size.pad + lead + fonts.text_width(text, theme.px(size.px), fonts.SEMIBOLD) + 1


def chip_height(theme: Theme) -> int:
    """Return the height of an ordinary chip in logical pixels."""
    return theme.px(USUAL.height)


@dataclass(frozen=True, slots=True)
class ChipFace:
    """What a chip shows: its word, its icon if any, its colours and its size."""

    text: str
    icon: str
    dress: ChipDress
    size: ChipSize = USUAL


def paint_chip(painter: QPainter, rect: QRect, theme: Theme, face: ChipFace) -> None:
    """Paint a chip into `rect`, which has the width of `chip_width`."""
    rounded(painter, rect, theme.radius.chip, face.dress.fill)
    left = rect.x() + face.size.pad
    if face.icon:
        side = theme.px(face.size.icon)
        box = QRect(left, rect.y() + (rect.height() - side) // 2, side, side)
        paint_icon(painter, box, face.icon, face.dress.icon)
        left += side + face.size.gap
    painter.setFont(theme.font(face.size.px, fonts.SEMIBOLD))
    inner = QRect(left, rect.y(), rect.right() - left, rect.height())
    draw_text(painter, inner, face.text, Qt.AlignmentFlag.AlignLeft, face.dress.ink)


class Chip(Painted):
    """A chip as a widget."""

    def __init__(
        self,
        text: str = "",
        icon: str = "",
        tone: ChipTone = ChipTone.NEUTRAL,
        parent: QWidget | None = None,
        *,
        size: ChipSize = USUAL,
    ) -> None:
        super().__init__(parent)
        self._size = size
        self._status, self._sync = "", ""
        self._text, self._icon, self._tone = text, icon, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._changed()

    @classmethod
    def of_status(cls, status: str, parent: QWidget | None = None, *, size: ChipSize = USUAL) -> Chip:
        """Return the chip of an order status."""
        made = cls(parent=parent, size=size)
        made.show_status(status)
        return made

    @classmethod
    def of_sync(cls, sync: str, parent: QWidget | None = None, *, size: ChipSize = USUAL) -> Chip:
        """Return the chip of a sync state."""
        made = cls(parent=parent, size=size)
        made.show_sync(sync)
        return made

    @property
    def text(self) -> str:
        """Return the word in the chip."""
        return self._text

    def show_status(self, status: str) -> None:
        """Wear the look and word of an order status."""
        self._status, self._sync = status, ""
        self._text, self._icon = status_word(status), current_theme().status[status].icon
        self._changed()

    def show_sync(self, sync: str) -> None:
        """Wear the look and word of a sync state."""
        self._status, self._sync = "", sync
        self._text, self._icon = sync_word(sync), current_theme().sync[sync].icon
        self._changed()

    def show_text(self, text: str, icon: str = "", tone: ChipTone = ChipTone.NEUTRAL) -> None:
        """Wear free words in a tone."""
        self._status, self._sync = "", ""
        self._text, self._icon, self._tone = text, icon, tone
        self._changed()

    def _changed(self) -> None:
        self.setAccessibleName(self._text)
        self.updateGeometry()
        self.update()

    def _dress(self, theme: Theme) -> ChipDress:
        if self._status:
            return look_dress(theme.status[self._status])
        if self._sync:
            return look_dress(theme.sync[self._sync])
        return tone_dress(theme, self._tone)

    def sizeHint(self) -> QSize:
        theme = current_theme()
        width = chip_width(theme, self._text, icon=bool(self._icon), size=self._size)
        return QSize(width, theme.px(self._size.height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def clipped_texts(self) -> list[str]:
        """Return the texts that do not fit into the chip as it is now."""
        return [self._text] if self.width() < self.sizeHint().width() else []

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        painter = smooth(self)
        face = ChipFace(self._text, self._icon, self._dress(theme), self._size)
        paint_chip(painter, self.rect(), theme, face)
        painter.end()
