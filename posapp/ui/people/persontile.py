"""One person on the lock screen: a disc with initials, the name, and what they do."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from posapp.domain.people import initials_of
from posapp.storage.people import StaffRow
from posapp.ui import fonts
from posapp.ui.delivery.disc import COLOURS, WHITE
from posapp.ui.people.words import role_words
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import draw_text, focus_ring, rounded, smooth
from posapp.ui.widgets.tooltip import set_plain_tooltip

_DISC = 64


class PersonTile(QAbstractButton):
    """Chooses who enters a PIN."""

    WIDE, HIGH = 132, 142

    def __init__(self, person: StaffRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.person = person
        self.setObjectName(f"person_{person.id}")
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{person.name}, {role_words()[person.role]}")
        set_plain_tooltip(self, person.name)

    def sizeHint(self) -> QSize:
        return QSize(self.WIDE, self.HIGH)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            event.ignore()  # arrows and figures are the lock screen's

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = current_theme()
        c = theme.palette
        p = smooth(self)
        box = self.rect()
        if self.hasFocus():
            box = focus_ring(p, box, 12, c.focus)
        chosen = self.isChecked()
        fill = c.selected if chosen else c.hover if self.underMouse() else c.surface
        rounded(p, box, 12, fill, c.accent if chosen else c.border)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(COLOURS.get(self.person.colour, COLOURS["slate"]))
        disc = QRect((self.width() - _DISC) // 2, 14, _DISC, _DISC)
        p.drawEllipse(disc)
        centre = Qt.AlignmentFlag.AlignHCenter
        p.setFont(fonts.font(20, fonts.BOLD))
        draw_text(p, disc, initials_of(self.person.name), centre, WHITE)
        for top, px, weight, words, ink in (
            (80, 15, fonts.SEMIBOLD, self.person.name, c.text),
            (106, 13, fonts.REGULAR, role_words()[self.person.role], c.text2),
        ):
            p.setFont(theme.font(px, weight))
            room = QRect(8, top, self.width() - 16, 26)
            shown = p.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            draw_text(p, room, shown, centre, ink)
        p.end()
