"""The bar under the cards: what is wrong with the gravest connection, and the one act that helps."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posapp.ui.sync_words import ShopState, shop_sentence, since_text, skew_sentence
from posapp.ui.widgets.banner import Banner, BannerTone

_GRAVEST = ("sign_in", "certificate", "portal")


class TroubleBar(Banner):
    """Hidden while all connections are well."""

    key_wanted = Signal(str)
    send_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(BannerTone.WARN, parent)
        self.setObjectName("troubleBar")
        self._shop: ShopState | None = None
        self.triggered.connect(self._act)
        self.hide()

    def show_shops(self, shops: tuple[ShopState, ...], waiting: int, now: datetime, zone: ZoneInfo) -> None:
        """Explain the gravest trouble; a clock that is off counts where nothing else is wrong."""
        troubled = [shop for shop in shops if shop.trouble not in {"", "connecting"}]
        off = [shop for shop in shops if skew_sentence(shop)]
        self._shop = min(troubled or off, key=_gravity, default=None)
        self.setVisible(self._shop is not None)
        if self._shop is None:
            return
        shop = self._shop
        clock = skew_sentence(shop)
        if clock:
            clock = f"{clock} {self.tr('Let this PC set its clock by the network.')}"
        if not shop.trouble or shop.trouble == "connecting":
            self.show_text(self._named(shop, shops, clock), tone=BannerTone.WARN, icon="clock-countdown-fill")
            self.set_action("")
            return
        keyless = shop.trouble == "sign_in"
        more = [self._safe(waiting), clock]
        if shop.since is not None:
            words = self.tr("Since then nothing is sent (%1).") if keyless else self.tr("Offline %1.")
            more.insert(0, words.replace("%1", since_text(shop.since, now, zone)))
        self.show_text(
            self._named(shop, shops, shop_sentence(shop)),
            more=" ".join(part for part in more if part),
            tone=BannerTone.DANGER if keyless else BannerTone.WARN,
            icon="warning-circle-fill" if keyless else "cloud-slash-fill",
        )
        enter = self.tr("Enter the password") if shop.by_password else self.tr("Enter a new key")
        self.set_action(enter if keyless else self.tr("Try now"))

    def _named(self, shop: ShopState, shops: tuple[ShopState, ...], text: str) -> str:
        return f"{shop.name}: {text}" if len(shops) > 1 else text

    def _safe(self, waiting: int) -> str:
        if waiting > 1:
            return self.tr("Keep working — %1 changes are saved here.").replace("%1", f"{waiting}")
        if waiting:
            return self.tr("Keep working — 1 change is saved here.")
        return self.tr("Keep working: whatever you change is saved here.")

    def _act(self) -> None:
        if self._shop is not None and self._shop.trouble == "sign_in":
            self.key_wanted.emit(self._shop.name)
        else:
            self.send_wanted.emit()


def _gravity(shop: ShopState) -> int:
    return _GRAVEST.index(shop.trouble) if shop.trouble in _GRAVEST else len(_GRAVEST)
