"""One line for each shop: what is not published yet, the button that publishes, and how far that is."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.people import NotPermittedError
from posapp.services.menu import ShopMenu
from posapp.services.publishing import Shop, queue_all
from posapp.ui import fonts
from posapp.ui.aside import Aside
from posapp.ui.catalogue.progress import ProgressLine
from posapp.ui.catalogue.words import count_text, standing_text
from posapp.ui.context import WINDOW_ORIGIN, Context
from posapp.ui.tasks import Refused
from posapp.ui.widgets.buttons import quiet_button, secondary_button
from posapp.ui.widgets.card import Icon
from posapp.ui.widgets.text import PlainLabel


class PublishLine(QWidget):
    """How one shop stands; publishing goes on without anybody watching it."""

    refused_wanted = Signal()

    def __init__(self, ctx: Context, shop: Shop) -> None:
        super().__init__()
        self.setObjectName(f"publish_{shop.name}")
        self._ctx, self._shop = ctx, shop
        self._aside = Aside(self)
        self._total = 0  # of what is watched; 0: nothing is
        self._refused_before = 0
        self._standing: ShopMenu | None = None
        self.words = PlainLabel("", px=13, tone="text2", wrap=True)
        self.words.setObjectName("publishWords")
        self.bar = ProgressLine()
        self.bar.hide()
        self.publish = secondary_button(self.tr("Publish"), icon="cloud-arrow-up")
        self.publish.setObjectName("publishButton")
        self.publish.setAccessibleName(self.tr("Publish to %1").replace("%1", shop.name))
        self.publish.clicked.connect(self.start)
        self.stop = quiet_button(self.tr("Stop watching"))
        self.stop.setObjectName("stopWatchingButton")
        self.stop.clicked.connect(self.stop_watching)
        self.stop.hide()
        self.refused = quiet_button(self.tr("Show refused"))
        self.refused.setObjectName("showRefusedButton")
        self.refused.clicked.connect(self.refused_wanted)
        self.refused.hide()
        self._lay_out()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(PlainLabel(self._shop.name, px=14, weight=fonts.SEMIBOLD, elide=True))
        words.addWidget(self.words)
        words.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(12)
        row.addWidget(Icon("storefront-fill", tone="text2"))
        row.addLayout(words, 1)
        row.addWidget(self.refused)
        row.addWidget(self.stop)
        row.addWidget(self.publish)

    @property
    def watching(self) -> bool:
        """Tell whether the bar shows how far it is."""
        return self._total > 0

    def start(self) -> None:
        """Queue what the shop does not have as it is here; the sender takes it from there."""
        if self._aside.busy or self._standing is None:
            return
        ctx, shop, who = self._ctx, self._shop, self._ctx.who
        self.publish.setEnabled(False)
        self._refused_before = self._standing.refused

        def work() -> int | PosError:
            try:
                return queue_all(ctx.store, [shop], who, origin=WINDOW_ORIGIN)
            except PosError as error:
                return error
            finally:
                ctx.store.close_thread()

        self._aside.run(work, self._queued)

    def _queued(self, found: int | PosError) -> None:
        if isinstance(found, PosError):
            self.publish.setEnabled(True)
            tell = partial(self._ctx.problem.emit, found)
            if isinstance(found, NotPermittedError):
                self._ctx.tasks.not_permitted.emit(Refused(found, self.start, tell))
            else:
                tell()
            return
        standing = self._standing
        self._total = found + (standing.waiting if standing is not None else 0)
        if self._total:
            self.bar.put(0, self._total)
            self.bar.show()
            self.stop.show()
            self.words.setText(self.tr("Saved in the queue, goes out now"))

    def stop_watching(self) -> None:
        """Show no bar any more; what was queued goes out all the same."""
        self._total = 0
        self.bar.hide()
        self.stop.hide()
        self._show()

    def put(self, standing: ShopMenu) -> None:
        """Show a moment."""
        self._standing = standing
        if self._total and standing.changed == 0 and not self._aside.busy:
            self._total = max(self._total, standing.waiting + standing.refused)
            self.bar.put(self._total - standing.waiting, self._total)
            if not standing.waiting:
                self._finish(standing)
                return
        self._show()

    def _finish(self, standing: ShopMenu) -> None:
        done = self._total - standing.refused
        self.stop_watching()
        text = self.tr("%1 published to %2").replace("%1", count_text(done)).replace("%2", self._shop.name)
        if standing.refused:
            text += " · " + self.tr("%1 refused").replace("%1", count_text(standing.refused))
        self._ctx.message.emit(text, None)

    def _show(self) -> None:
        standing = self._standing
        if standing is None:
            return
        ctx = self._ctx
        text = standing_text(standing, ctx.clock(), ctx.zone)
        if standing.waiting and standing.trouble == "sign_in":
            text += " · " + self.tr("the shop does not let us in: give its key in Settings → Connection")
        elif standing.waiting and standing.trouble:
            text += " · " + self.tr("the shop is not reached: goes out by itself when it is back")
        elif self._total and standing.waiting:
            count = count_text(self._total - standing.waiting)
            text = self.tr("%1 of %2 are at the shop").replace("%1", count)
            text = text.replace("%2", count_text(self._total))
        self.words.setText(text)
        self.refused.setVisible(bool(standing.refused))
        self.publish.setEnabled(bool(standing.changed or standing.refused) and not self._aside.busy)
