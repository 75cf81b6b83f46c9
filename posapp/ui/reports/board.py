"""The sales side of the screen: five figures over four charts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from posapp.domain.report_span import SpanKind
from posapp.domain.report_summary import Summary
from posapp.ui.reports.figure import FigureCard, faces
from posapp.ui.reports.itemschart import ItemsChart
from posapp.ui.reports.prepchart import PrepChart
from posapp.ui.reports.saleschart import SalesChart
from posapp.ui.reports.statuschart import StatusChart
from posapp.ui.widgets.text import PlainLabel

_GAP = 11
FIGURES = ("sales", "orders", "average", "prep", "late")


class SalesBoard(QScrollArea):
    """As high as the screen; with large text it scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.note = PlainLabel("", px=13, tone="text2", wrap=True)
        self.note.setObjectName("reportNote")
        self.note.hide()
        self.figures = {name: FigureCard(f"figure_{name}") for name in FIGURES}
        self.sales, self.statuses = SalesChart(), StatusChart()
        self.preps, self.items = PrepChart(), ItemsChart()
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(_GAP - 1)
        for card in self.figures.values():
            row.addWidget(card, 1)
        grid = QGridLayout()
        grid.setSpacing(_GAP)
        grid.addWidget(self.sales, 0, 0)
        grid.addWidget(self.statuses, 0, 1)
        grid.addWidget(self.preps, 1, 0)
        grid.addWidget(self.items, 1, 1)
        grid.setColumnStretch(0, 838)
        grid.setColumnStretch(1, 392)
        grid.setRowStretch(0, 246)
        grid.setRowStretch(1, 272)
        whole = QWidget()
        whole.setAutoFillBackground(False)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        column.addWidget(self.note)
        column.addLayout(row)
        column.addLayout(grid, 1)
        self.setWidget(whole)
        whole.setAutoFillBackground(False)

    def show_summary(self, summary: Summary, kind: SpanKind, hour: int) -> None:
        """Show a report; `hour` is the present one of the shop's day, -1 for other days."""
        for name, face in faces(summary).items():
            self.figures[name].show_face(face)
        self.sales.show_summary(summary, kind, hour)
        self.statuses.show_summary(summary)
        self.preps.show_summary(summary)
        self.items.show_summary(summary)
        self._show_note(summary)

    def _show_note(self, summary: Summary) -> None:
        parts = [
            (self.tr("%1 orders in %2") if orders != 1 else self.tr("1 order in %2"))
            .replace("%1", str(orders))
            .replace("%2", code)
            for code, orders in summary.others.items()
        ]
        words = self.tr("Only %1. Not counted here: %2. Choose the currency above to see them.")
        words = words.replace("%1", summary.currency).replace("%2", ", ".join(parts))
        self.note.setText(words if parts else "")
        self.note.setVisible(bool(parts))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.viewport().setAutoFillBackground(False)
