"""A ticket on white paper, as it will come out."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.printing.document import Document
from posapp.ui.paper import Sheet
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import Painted, rounded, smooth

_MARGIN = 16
_SCALE = 0.555  # pixels for each of a printer's dots
WIDEST = round(576 * _SCALE) + 2 * _MARGIN
_PAPER = QColor("#ffffff")


class TicketView(Painted):
    """Shows a ticket, narrow paper narrower than wide; paper is white in every theme."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("ticketView")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._wide = WIDEST
        self._sheet: Sheet | None = None

    @property
    def text(self) -> str:
        """Return the words of the ticket, a block a line; screen readers read them."""
        return self.accessibleDescription()

    def show_document(self, document: Document, dots: int) -> None:
        """Show a ticket for paper of so many dots."""
        self._sheet = Sheet(document, dots, _SCALE)
        self._wide = round(dots * _SCALE) + 2 * _MARGIN
        lines = (f"{block.left} {block.right}".strip() for block in document.blocks)
        self.setAccessibleDescription("\n".join(line for line in lines if line))
        self.updateGeometry()
        self.resize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        height = self._sheet.height if self._sheet is not None else 0
        return QSize(self._wide, int(height) + 2 * _MARGIN)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = smooth(self)
        rounded(painter, self.rect(), 4, _PAPER, current_theme().palette.border)
        if self._sheet is not None:
            self._sheet.paint(painter, _MARGIN, _MARGIN)
        painter.end()
