"""Surfaces and simple rows: cards, dividers, headings, pairs of name and value."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.ui.fonts import BOLD, REGULAR, SEMIBOLD
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import Painted, rounded, smooth
from posapp.ui.widgets.text import PlainLabel


class Card(Painted):
    """A bordered surface with a column of contents; fill it through `column`."""

    def __init__(self, parent: QWidget | None = None, *, padding: int = 16, spacing: int = 8) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(padding, padding - 2, padding, padding - 2)
        self.column.setSpacing(spacing)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        painter = smooth(self)
        rounded(painter, self.rect(), theme.radius.card, theme.palette.surface, theme.palette.border)
        painter.end()


class Surface(Painted):
    """A plain area in a colour of the theme, optionally with a line at an edge ("top", "bottom", "right")."""

    def __init__(self, parent: QWidget | None = None, *, colour: str = "surface", line: str = "") -> None:
        super().__init__(parent)
        self._colour, self._line = colour, line

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        c = current_theme().palette
        painter = smooth(self)
        painter.fillRect(self.rect(), c.by_name(self._colour))
        edges = {
            "top": QRect(0, 0, self.width(), 1),
            "bottom": QRect(0, self.height() - 1, self.width(), 1),
            "right": QRect(self.width() - 1, 0, 1, self.height()),
        }
        if self._line:
            painter.fillRect(edges[self._line], c.border)
        painter.end()


class Divider(Painted):
    """A horizontal line of one pixel."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = smooth(self)
        painter.fillRect(self.rect(), current_theme().palette.border)
        painter.end()


class Icon(Painted):
    """An icon by itself, in a tone of the theme; decoration for screen readers unless it has a name."""

    def __init__(
        self,
        name: str,
        parent: QWidget | None = None,
        *,
        size: int = 20,
        tone: str = "text2",
        spoken: str = "",
    ) -> None:
        super().__init__(parent)
        self._name, self._size, self._tone = name, size, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(spoken)

    def show_icon(self, name: str, tone: str = "") -> None:
        """Change the icon, and its tone if one is given."""
        self._name, self._tone = name, tone or self._tone
        self.update()

    def sizeHint(self) -> QSize:
        side = current_theme().px(self._size)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = smooth(self)
        paint_icon(painter, self.rect(), self._name, current_theme().palette.by_name(self._tone))
        painter.end()


class KeyValue(QWidget):
    """A name on the left and a value on the right, as in totals."""

    def __init__(
        self,
        name: str,
        value: str = "",
        parent: QWidget | None = None,
        *,
        px: int = 13,
        strong: bool = False,
        tone: str = "",
        wrap: bool = False,
    ) -> None:
        super().__init__(parent)
        weight = SEMIBOLD if strong else REGULAR
        self._name = PlainLabel(
            name, px=px, weight=weight, tone=tone or ("text" if strong else "text2"), wrap=wrap
        )
        self._value = PlainLabel(value, px=px, weight=weight, tone=tone or "text")
        self._value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._name, 1)
        row.addWidget(self._value)

    @property
    def value(self) -> str:
        """Return the value as shown."""
        return self._value.text()

    def show_pair(self, name: str, value: str, tone: str = "") -> None:
        """Show another name and value, in a tone if one is given."""
        self._name.setText(name)
        self._value.setText(value)
        if tone:
            self._name.set_tone(tone)
            self._value.set_tone(tone)


class SettingRow(QWidget):
    """A setting: what it is, a sentence of help, and the control at the right."""

    def __init__(self, title: str, help_text: str, control: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.control = control
        self._help = PlainLabel(help_text, px=13, tone="text2", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addWidget(PlainLabel(title, weight=SEMIBOLD))
        words.addWidget(self._help)
        words.addStretch(1)
        if not help_text:
            self._help.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(24)
        row.addLayout(words, 1)
        row.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter)
        if not control.accessibleName():
            control.setAccessibleName(title)
        if help_text and not control.accessibleDescription():
            control.setAccessibleDescription(help_text)

    def set_help(self, text: str) -> None:
        """Replace the sentence of help, for example by the result of a test."""
        self._help.setText(text)
        self._help.setVisible(bool(text))


class SectionTitle(QWidget):
    """The heading of a card: icon, title, and a quieter remark."""

    def __init__(self, title: str, remark: str = "", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        if icon:
            row.addWidget(Icon(icon, size=18))
        row.addWidget(PlainLabel(title, px=15, weight=BOLD))
        self.remark = PlainLabel(remark, px=13, tone="text2", elide=True)
        row.addWidget(self.remark, 1)
