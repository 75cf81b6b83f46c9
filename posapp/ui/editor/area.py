"""Where the cards of fields stand: they scroll only where a low window leaves no other way."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from posapp.ui.editor.form import FieldCards
from posapp.ui.theme import current_theme
from posapp.ui.widgets.paintkit import Painted, smooth

_GAP = 10


class Ground(Painted):
    """The page's background; `relaid` tells that what stands on it needs another height."""

    relaid = Signal()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self.relaid.emit()
        return done

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = smooth(self)
        painter.fillRect(self.rect(), current_theme().palette.bg)
        painter.end()


class FieldsArea(QScrollArea):
    """Holds the summary of errors and the cards; before it scrolls, the cards move closer together."""

    def __init__(self, top: QWidget, margin: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("editorFields")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._fields: FieldCards | None = None
        self._tight = False
        # Once all hints of this turn are known; before, they are those of an earlier one.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._fit)
        self.ground = Ground()
        self.ground.relaid.connect(self._soon.start)
        self._column = QVBoxLayout(self.ground)
        self._column.setContentsMargins(margin, _GAP + 2, 0, _GAP + 2)
        self._column.setSpacing(_GAP)
        self._column.addWidget(top)
        self.setWidget(self.ground)

    def show_cards(self, fields: FieldCards) -> None:
        """Put the cards up, for the one time."""
        self._fields = fields
        for card in fields.cards:
            self._column.addWidget(card)
            card.show()  # a layout would do so a turn later, and the cursor cannot go to what is not there
        self._column.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._soon.start()

    def _fit(self) -> None:
        if self._fields is None:
            return
        roomy = self.ground.minimumSizeHint().height() + (self._fields.gain if self._tight else 0)
        tight = roomy > self.viewport().height()
        if tight != self._tight:
            self._tight = tight
            self._fields.set_tight(tight=tight)
