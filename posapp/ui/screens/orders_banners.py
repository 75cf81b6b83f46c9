"""The bars between search and list: new orders, and what is wrong with the exchange, in calm words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.storage.rows import Alarm, RemoteRow, SyncSummary
from posapp.ui.delegates.age import clock_text, duration_text
from posapp.ui.widgets.banner import Banner, BannerTone


class AlertBanner(Banner):
    """The alert of new orders; a click beside its button opens the one that waits longest."""

    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(BannerTone.NEW, parent, flat=True)
        self.setObjectName("newOrderAlert")
        self._told: tuple[int, ...] = ()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_action(self.tr("Silence 1 min"), "M")
        self.hide()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def show_alarm(self, alarm: Alarm, now: datetime, *, silenced: bool) -> None:
        """Say how many orders wait and how long; nothing when none does."""
        self.setVisible(alarm.count > 0)
        if alarm.count == 0 or alarm.oldest is None:
            return
        waited = duration_text(max(0, int((now - alarm.oldest).total_seconds())), exact=True)
        self.show_text(_sentence(self, alarm).replace("%1", waited), quiet=alarm.pks == self._told)
        self._told = alarm.pks
        self.set_action(self.tr("Silenced for a minute") if silenced else self.tr("Silence 1 min"), "M")


def _sentence(bar: AlertBanner, alarm: Alarm) -> str:
    """Return what rings, with %1 where the oldest one's wait goes."""
    fresh = alarm.count - alarm.cancelled
    if fresh and alarm.cancelled:
        both = bar.tr("%n new, %2 cancelled at the shop — oldest waiting %1", "", fresh)
        return both.replace("%2", str(alarm.cancelled))
    if alarm.cancelled:
        if alarm.cancelled == 1:
            return bar.tr("1 order was cancelled at the shop %1 ago")
        return bar.tr("%n orders were cancelled at the shop, the first %1 ago", "", alarm.cancelled)
    return (
        bar.tr("1 new order — waiting %1")
        if fresh == 1
        else bar.tr("%n new orders — oldest waiting %1", "", fresh)
    )


class BannerStack(QWidget):
    """All bars in their order; the owner connects what their buttons do."""

    show_arrivals = Signal()
    decide = Signal(int)  # about an order that the shop cancelled while it is made
    open_needing = Signal()
    show_quarantine = Signal()
    try_now = Signal()
    sign_in = Signal()
    show_hidden = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.alert = AlertBanner(self)
        self._stopped_pk = 0
        self._stopped = self._bar(
            BannerTone.DANGER, self.tr("Decide"), lambda: self.decide.emit(self._stopped_pk)
        )
        self._sign_in = self._bar(BannerTone.DANGER, self.tr("Settings"), self.sign_in.emit)
        self._needs = self._bar(BannerTone.DANGER, self.tr("Open"), self.open_needing.emit)
        self._offline = self._bar(BannerTone.WARN, self.tr("Try now"), self.try_now.emit)
        self._unread = self._bar(BannerTone.WARN, self.tr("Show"), self.show_quarantine.emit)
        self._hidden = self._bar(BannerTone.ACCENT, self.tr("Show all"), self.show_hidden.emit)
        self._arrivals = self._bar(BannerTone.ACCENT, self.tr("Show"), self.show_arrivals.emit)
        self._stopped.setObjectName("stoppedBanner")
        names = ("signInBanner", "needsYouBanner", "offlineBanner", "quarantineBanner", "hiddenNote")
        bars = (self._sign_in, self._needs, self._offline, self._unread, self._hidden)
        for bar, name in zip(bars, names, strict=True):
            bar.setObjectName(name)
        self._arrivals.setObjectName("arrivalsBar")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for bar in (self.alert, self._stopped, *bars, self._arrivals):
            column.addWidget(bar)

    def _bar(self, tone: BannerTone, action: str, act: Callable[[], None]) -> Banner:
        bar = Banner(tone, self, flat=True)
        bar.set_action(action)
        bar.triggered.connect(act)
        bar.hide()
        return bar

    def show_summary(self, summary: SyncSummary, known: set[str], now: datetime, zone: ZoneInfo) -> None:
        """Tell the state of the exchange with the connected shops."""
        remotes = [remote for remote in summary.remotes if remote.name in known]
        self._show_stopped(summary)
        self._show_sign_in([remote for remote in remotes if remote.sign_in])
        self._show_needs(summary)
        self._show_offline([r for r in remotes if r.trouble and not r.sign_in], summary, now, zone)
        self._show_unread(summary)

    def show_hidden_count(self, count: int) -> None:
        """Say how many orders the filters hide."""
        self._hidden.setVisible(count > 0)
        if count:
            one = self.tr("1 order is hidden by filters")
            self._hidden.show_text(
                one if count == 1 else self.tr("%n orders are hidden by filters", "", count),
                icon="funnel-fill",
            )

    def show_arrivals_count(self, count: int) -> None:
        """Say how many new orders wait until the pointer leaves the list."""
        self._arrivals.setVisible(count > 0)
        if count:
            one = self.tr("1 new order")
            self._arrivals.show_text(
                one if count == 1 else self.tr("%n new orders", "", count), icon="arrow-up-bold"
            )

    def _show_stopped(self, summary: SyncSummary) -> None:
        """Say loudly that food is being made which the shop wants no longer: the kitchen waits for a word."""
        self._stopped.setVisible(bool(summary.stopped))
        if not summary.stopped:
            return
        self._stopped_pk = summary.stopped[0][0]
        codes = ", ".join(f"#{code}" if code.isdigit() else code for _, code in summary.stopped)
        text = self.tr("The shop cancelled %1 while it is made or on the road.")
        if len(summary.stopped) > 1:
            text = self.tr("The shop cancelled %1, made or on the road.")
        self._stopped.show_text(
            text.replace("%1", codes), more=self.tr("Stop it, go on with it, or call the guest.")
        )

    def _show_sign_in(self, remotes: list[RemoteRow]) -> None:
        self._sign_in.setVisible(bool(remotes))
        if remotes:
            text = self.tr("%1 does not accept the key. Orders do not arrive until it is renewed.")
            self._sign_in.show_text(text.replace("%1", ", ".join(remote.name for remote in remotes)))

    def _show_needs(self, summary: SyncSummary) -> None:
        count = summary.attention - sum(remote.sign_in for remote in summary.remotes) - len(summary.stopped)
        self._needs.setVisible(count > 0)
        if count <= 0:
            return
        one = self.tr("1 order needs you.")
        parts = [one if count == 1 else self.tr("%n orders need you.", "", count)]
        if summary.conflicts == 0:
            parts.append(self.tr("The shop refused the change."))
        elif summary.failed == 0:
            parts.append(self.tr("Changed here and at the shop."))
        icon = "git-diff-fill" if summary.failed == 0 else "cloud-warning-fill"
        self._needs.show_text(" ".join(parts), icon=icon)

    def _show_offline(
        self, remotes: list[RemoteRow], summary: SyncSummary, now: datetime, zone: ZoneInfo
    ) -> None:
        self._offline.setVisible(bool(remotes))
        if not remotes:
            return
        since = min((r.trouble_since for r in remotes if r.trouble_since is not None), default=now)
        alone = len(remotes) == len(summary.remotes)
        text = self.tr("Offline since %1.") if alone else self.tr("%2 cannot be reached since %1.")
        text = text.replace("%1", clock_text(since, now, zone))
        text = text.replace("%2", ", ".join(remote.name for remote in remotes))
        match summary.waiting:
            case 0:
                more = self.tr("Keep working — everything is saved here.")
            case 1:
                more = self.tr("Keep working — 1 change is saved here.")
            case count:
                more = self.tr("Keep working — %n changes are saved here.", "", count)
        self._offline.show_text(f"{text} {more}", icon="cloud-slash-fill")

    def _show_unread(self, summary: SyncSummary) -> None:
        self._unread.setVisible(summary.quarantined > 0)
        if summary.quarantined:
            one = self.tr("1 order could not be read.")
            self._unread.show_text(
                one
                if summary.quarantined == 1
                else self.tr("%n orders could not be read.", "", summary.quarantined)
            )
