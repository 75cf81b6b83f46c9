"""What the menu says of dishes: on sale or not, at the shop or not, and how many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from posapp.domain.catalogue import FURTHER_NOTICE, Product
from posapp.services.menu import Place, ShopMenu, Standing
from posapp.ui.delegates.age import clock_text

translate = QCoreApplication.translate
_SAID_BEFORE = "The shop did not save this: "


@dataclass(frozen=True, slots=True)
class Word:
    """A few words and the tone they wear."""

    text: str
    tone: str = "text2"


def count_text(count: int) -> str:
    """Return a number in groups of digits."""
    return f"{count:,}".replace(",", "\u202f")


def dishes_text(count: int) -> str:
    """Return "1 dish", "5 000 dishes"."""
    one, more = translate("menu", "1 dish"), translate("menu", "%1 dishes")
    return one if count == 1 else more.replace("%1", count_text(count))


def sale_word(item: Product, now: datetime, zone: ZoneInfo) -> Word:
    """Return whether a dish can be sold."""
    if item.deleted:
        return Word(translate("menu", "Deleted"), "text3")
    if item.sold_out_until is None or not item.sold_out(now):
        return Word(translate("menu", "On sale"), "ok_text")
    if item.sold_out_until == FURTHER_NOTICE:
        return Word(translate("menu", "Sold out"), "warn_text")
    text = translate("menu", "Sold out until %1")
    return Word(text.replace("%1", clock_text(item.sold_out_until, now, zone)), "warn_text")


def place_word(place: Place, now: datetime, zone: ZoneInfo) -> Word:
    """Return how a dish stands at the shops; "" where none takes it."""
    match place.standing:
        case Standing.PUBLISHED:
            text = translate("menu", "At the shop since %1").replace("%1", clock_text(place.at, now, zone))
            return Word(text)
        case Standing.CHANGED:
            return Word(translate("menu", "Not published yet"), "accent_text")
        case Standing.WAITING:
            return Word(translate("menu", "Waiting to go out"), "accent_text")
        case Standing.REFUSED:
            return Word(translate("menu", "Refused: %1").replace("%1", shop_words(place.why)), "danger_text")
        case _:
            return Word("")


def shop_words(text: str) -> str:
    """Return the shop's own words out of what was noted of its answer."""
    return text.removeprefix(_SAID_BEFORE) or translate("menu", "the shop did not say why")


def standing_text(shop: ShopMenu, now: datetime, zone: ZoneInfo) -> str:
    """Return how a shop stands in one sentence."""
    parts = []
    if shop.changed:
        again = translate("menu", "%1 changed since the last publish")
        text = again if shop.last_at is not None else translate("menu", "%1 not published yet")
        parts.append(text.replace("%1", count_text(shop.changed)))
    if shop.waiting:
        parts.append(translate("menu", "%1 waiting").replace("%1", count_text(shop.waiting)))
    if shop.refused:
        parts.append(translate("menu", "%1 refused").replace("%1", count_text(shop.refused)))
    if parts:
        return " · ".join(parts)
    if shop.last_at is None:
        return translate("menu", "Nothing published yet")
    text = translate("menu", "All is at the shop · last published %1")
    return text.replace("%1", clock_text(shop.last_at, now, zone))
