"""The warnings of the watch over every screen."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.ui.widgets.banner import Banner, BannerTone


class WatchBar(QWidget):
    """The warnings over every screen, one bar each, each with one thing to do about it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("watchBar")
        self.away = self._bar("awayBanner", BannerTone.WARN, self.tr("Try now"))
        self.kept = self._bar("keptBanner", BannerTone.DANGER, self.tr("Decide"))
        self.lists = self._bar("staleBanner", BannerTone.WARN, self.tr("Ask now"))
        self.sound = self._bar("soundBanner", BannerTone.WARN, self.tr("Sound settings"))
        self.backup = self._bar("backupBanner", BannerTone.WARN, self.tr("Backup settings"))
        self.gap = self._bar("gapBanner", BannerTone.ACCENT, self.tr("Hide"))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        self._bars = (self.away, self.kept, self.lists, self.sound, self.backup, self.gap)
        for bar in self._bars:
            column.addWidget(bar)
        self.hide()

    def _bar(self, name: str, tone: BannerTone, action: str) -> Banner:
        bar = Banner(tone)
        bar.setObjectName(name)
        bar.set_action(action)
        bar.hide()
        return bar

    def put(self, bar: Banner, text: str, more: str = "") -> None:
        """Show or, without a text, hide one of the bars."""
        known = not bar.isHidden()
        bar.setVisible(bool(text))
        if text:
            bar.show_text(text, more=more, quiet=known)
        self.setVisible(any(not each.isHidden() for each in self._bars))
