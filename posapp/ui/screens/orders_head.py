"""The bar above the Orders screen: tabs with their counts, and the door to the filters."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.storage.rows import Counts, Tab
from posapp.ui.widgets.buttons import Button, ButtonLook
from posapp.ui.widgets.card import Surface
from posapp.ui.widgets.statustabs import StatusTabs
from posapp.ui.widgets.statustabs import Tab as TabLook
from posapp.ui.widgets.tooltip import set_plain_tooltip
from posapp.ui.words import status_word

translate = QCoreApplication.translate


def tab_looks() -> list[TabLook]:
    """Return the tabs with their words; the first and the last are no statuses."""
    return [
        TabLook(Tab.ACTIVE, translate("tabs", "All active")),
        TabLook(Tab.NEW, status_word("created"), "created"),
        *(TabLook(tab, status_word(tab), tab) for tab in (Tab.ACCEPTED, Tab.COOKING, Tab.ONDELIVERY)),
        TabLook(Tab.TIMING, status_word("timing"), "timing"),
        TabLook(Tab.DONE, translate("tabs", "Done"), "delivered"),
    ]


class OrdersHead(Surface):
    """Tabs on the left, the filters' button on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, colour="surface", line="bottom")
        self.tabs = StatusTabs(tab_looks())
        self.tabs.setAccessibleName(self.tr("Orders by status"))
        self.filters_button = Button("", look=ButtonLook.QUIET, icon="funnel-fill")
        self.filters_button.setObjectName("filtersButton")
        self._filters_text, self._short, self._name = "", "", ""
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(8)
        row.addWidget(self.tabs, 1)
        row.addWidget(self.filters_button)
        self.show_filters(0, is_open=False)

    def show_counts(self, counts: Counts) -> None:
        """Show the live count of every tab."""
        self.tabs.set_counts({tab.value: counts.of(tab) for tab in Tab})
        self._fit()

    def show_filters(self, active: int, *, is_open: bool) -> None:
        """Say how many filters are set, and whether their row is open."""
        text = self.tr("Filters")
        self._filters_text = f"{text} · {active}" if active else text
        self._short = f"{active}" if active else ""
        self.filters_button.setText(self._filters_text)
        self.filters_button.set_look(ButtonLook.TINT if active or is_open else ButtonLook.QUIET)
        state = self.tr("open") if is_open else self.tr("closed")
        self._name = f"{self._filters_text}, {state}"
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Let the filters' button go without its word where the tabs need the room."""
        button = self.filters_button
        button.setText(self._filters_text)
        if self.tabs.sizeHint().width() + button.sizeHint().width() + 24 > self.width():
            button.setText(self._short)
        button.setAccessibleName(self._name)
        set_plain_tooltip(button, "" if button.label == self._filters_text else self._filters_text)
