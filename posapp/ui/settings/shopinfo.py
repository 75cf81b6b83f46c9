"""Settings: fetching a staff shop's prices and products, and what is known of them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.config import RemoteConfig
from posapp.storage.shopinfo import FetchedInfo
from posapp.ui import fonts
from posapp.ui.aside import Aside
from posapp.ui.context import Context, TestResult
from posapp.ui.delegates.age import clock_text
from posapp.ui.fetching import Watch
from posapp.ui.shop_form import TestLine
from posapp.ui.widgets.buttons import secondary_button
from posapp.ui.widgets.text import PlainLabel


class ShopInfoFetch(QWidget):
    """A line that says what is known, the button that fetches, and what came of it."""

    def __init__(self, ctx: Context, remote: RemoteConfig, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"shopInfo_{remote.name}")
        self._ctx, self._remote = ctx, remote
        self._aside = Aside(self)
        self._watch: Watch | None = None
        self._known = PlainLabel("", px=13, tone="text2", wrap=True)
        self._known.setObjectName("shopInfoKnown")
        self.result_line = TestLine()
        self.button = secondary_button(
            self.tr("Fetch the shop's prices and products"), icon="download-simple"
        )
        self.button.setObjectName("fetchShopInfoButton")
        self.button.clicked.connect(self.fetch)
        self.stop_button = secondary_button(self.tr("Stop"))
        self.stop_button.setObjectName("stopFetchButton")
        self.stop_button.clicked.connect(self.stop)
        self.stop_button.hide()
        self._lay_out()
        self.show_known(None, ctx.zone)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.button)
        row.addWidget(self.stop_button)
        row.addStretch(1)
        title = PlainLabel(self.tr("Prices and products"), px=14, weight=fonts.SEMIBOLD)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(title)
        head.addWidget(self._known)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.result_line)
        column.addLayout(row)

    def show_known(self, known: FetchedInfo | None, zone: ZoneInfo) -> None:
        """Show what is known of the shop, and since when."""
        if known is None:
            text = self.tr(
                "The editor suggests shipping costs and offers the shop's products once they are fetched."
            )
        else:
            text = self._counts(known).replace("%1", clock_text(known.fetched_at, self._ctx.clock(), zone))
        self._known.setText(text)

    def _counts(self, known: FetchedInfo) -> str:
        counts = [
            self.tr("%n products", "", known.products) if known.products != 1 else self.tr("1 product"),
            self.tr("%n districts delivered to", "", known.deliverable)
            if known.deliverable != 1
            else self.tr("1 district delivered to"),
        ]
        return self.tr("Fetched %1") + " · " + " · ".join(counts)

    def fetch(self) -> None:
        """Ask the shop, in a thread of its own."""
        if self._aside.busy:
            return
        watch = Watch(self)
        watch.told.connect(self._told)
        self._watch = watch
        self.button.setEnabled(False)
        self.stop_button.setEnabled(True)
        self.stop_button.show()
        self.stop_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.result_line.show_busy()
        doors, name = self._ctx.doors, self._remote.name
        self._aside.run(lambda: doors.fetch_shop_info(name, watch), self._done)

    def stop(self) -> None:
        """Stop the fetch; nothing of it is kept."""
        if self._watch is not None:
            self.stop_button.setEnabled(False)
            self._watch.stop()

    def _told(self, what: str, count: int) -> None:
        names = {
            "districts": self.tr("Reading the districts…"),
            "delivery costs": self.tr("Reading the delivery costs…"),
            "products": self.tr("Reading the products…"),
            "taxes": self.tr("Reading the taxes…"),
        }
        if self._watch is None or self._watch.stopped:
            return
        text = names.get(what, self.tr("Asking the shop…"))
        self.result_line.show_progress(f"{text} {count:,}" if count else text)

    def _done(self, result: TestResult) -> None:
        watch, self._watch = self._watch, None
        if watch is not None:
            watch.deleteLater()
        had_focus = self.stop_button.hasFocus()
        self.stop_button.hide()
        self.button.setEnabled(True)
        if had_focus:
            self.button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.result_line.show_result(result)
