"""Fields that people type into or choose from."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QEnterEvent, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QSizePolicy, QStyledItemDelegate, QWidget

from posapp.ui import fonts
from posapp.ui.icons import paint_icon
from posapp.ui.theme import current_theme
from posapp.ui.widgets.buttons import IconButton
from posapp.ui.widgets.paintkit import draw_text, key_width, paint_key, rounded, smooth

_PX = 14


class TextInput(QLineEdit):
    """One line of text, 40 px high (48 for touch)."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, placeholder: str = "") -> None:
        super().__init__(parent)
        self.setFont(current_theme().font(_PX))
        self.setPlaceholderText(placeholder)
        self.setText(text)
        self.setFixedHeight(current_theme().control)

    def set_invalid(self, *, invalid: bool) -> None:
        """Wear the red border and the icon of a wrong entry."""
        if bool(self.property("invalid")) == invalid:
            return
        self.setProperty("invalid", invalid)
        self.setTextMargins(0, 0, 28 if invalid else 0, 0)
        self.style().unpolish(self)
        self.style().polish(self)
        self.update()

    def clipped_texts(self) -> list[str]:
        """Return the placeholder if it does not fit; typed text scrolls and is never cut."""
        shown = self.placeholderText()
        margins = self.textMargins()
        room = self.width() - 20 - margins.left() - margins.right()
        return [shown] if shown and self.fontMetrics().horizontalAdvance(shown) > room else []

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            theme = current_theme()
            if self.height() != theme.control:
                self.setFixedHeight(theme.control)
            if self.font().pixelSize() != theme.px(_PX):
                self.setFont(theme.font(_PX))
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.property("invalid"):
            painter = smooth(self)
            rect = QRect(self.width() - 29, self.height() // 2 - 9, 18, 18)
            paint_icon(painter, rect, "warning-circle-fill", current_theme().palette.danger)
            painter.end()


class SearchField(TextInput):
    """A search box: magnifier, placeholder, the key that leads here, and a cross that empties it."""

    def __init__(self, placeholder: str, parent: QWidget | None = None, *, key: str = "/") -> None:
        super().__init__("", parent, placeholder=placeholder)
        self._key = key
        self.setAccessibleName(placeholder)
        self._clear = IconButton("x", self.tr("Clear search"), self, quiet=True)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.setCursor(Qt.CursorShape.PointingHandCursor)
        self._clear.clicked.connect(self.clear)
        self._clear.hide()
        self.setTextMargins(24, 0, 30, 0)
        self.textChanged.connect(self._show_clear)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        side = self.height() - 8
        self._clear.setGeometry(self.width() - side - 4, 4, side, side)

    def _show_clear(self, text: str) -> None:
        self._clear.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme = current_theme()
        painter = smooth(self)
        middle = self.height() // 2
        paint_icon(painter, QRect(10, middle - 10, 20, 20), "magnifying-glass-bold", theme.palette.text2)
        if not self.text():
            left = self.width() - key_width(theme, self._key) - 11
            paint_key(painter, QPoint(left, middle), self._key, theme.palette.text2, theme.palette.border)
        painter.end()


class TextArea(QPlainTextEdit):
    """Several lines of plain text, for comments and reasons."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, lines: int = 3) -> None:
        super().__init__(parent)
        self.setFont(current_theme().font(_PX))
        self.setTabChangesFocus(True)
        self.setPlainText(text)
        self.setFixedHeight(fonts.metrics(current_theme().px(_PX)).lineSpacing() * lines + 22)


class ComboBox(QComboBox):
    """A choice among several, painted whole so that no part of it depends on the style."""

    def __init__(self, parent: QWidget | None = None, *, placeholder: str = "") -> None:
        super().__init__(parent)
        self.setFont(current_theme().font(_PX))
        self.setPlaceholderText(placeholder)
        # The stylesheet reaches the entries of the popup only through this delegate.
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._hot = False

    def setAccessibleName(self, name: str) -> None:
        """Name the box and the list that it opens."""
        super().setAccessibleName(name)
        self.view().setAccessibleName(name)

    def set_invalid(self, *, invalid: bool) -> None:
        """Wear the red border and the icon of a wrong choice."""
        self.setProperty("invalid", invalid)
        self.update()

    def sizeHint(self) -> QSize:
        theme = current_theme()
        texts = [self.itemText(i) for i in range(self.count())] + [self.placeholderText()]
        widest = max(fonts.text_width(text, theme.px(_PX)) for text in texts)
        return QSize(widest + 46, theme.control)

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), 240), hint.height())

    def clipped_texts(self) -> list[str]:
        """Return the chosen text if it does not fit."""
        text = self._shown()
        return [text] if fonts.text_width(text, current_theme().px(_PX)) > self._room() else []

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hot = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hot = False
        self.update()
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A page that scrolls under the pointer must not change what is chosen.
        event.ignore()

    def _shown(self) -> str:
        return self.currentText() or self.placeholderText()

    def _room(self) -> int:
        return self.width() - 12 - (58 if self.property("invalid") else 34)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        invalid, focus = bool(self.property("invalid")), self.hasFocus()
        edge = c.focus if focus else c.danger if invalid else c.border_strong
        painter = smooth(self)
        fill = c.sunken if not self.isEnabled() else c.hover if self._hot else c.surface
        rounded(painter, self.rect(), theme.radius.control, fill, edge, 2 if focus or invalid else 1)
        chosen = self.currentIndex() >= 0 and self.isEnabled()
        painter.setFont(theme.font(_PX))
        text = painter.fontMetrics().elidedText(self._shown(), Qt.TextElideMode.ElideRight, self._room())
        rect = QRect(11, 0, self._room() + 1, self.height())
        draw_text(painter, rect, text, Qt.AlignmentFlag.AlignLeft, c.text if chosen else c.text3)
        middle = self.height() // 2
        paint_icon(painter, QRect(self.width() - 26, middle - 8, 16, 16), "caret-down", c.text2)
        if invalid:
            icon = QRect(self.width() - 50, middle - 9, 18, 18)
            paint_icon(painter, icon, "warning-circle-fill", c.danger)
        painter.end()
