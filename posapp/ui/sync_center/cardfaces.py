"""What the cards say of the shops and of the queue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from posapp.storage.sync_center import SyncState
from posapp.ui.sync_center.cards import Face
from posapp.ui.sync_center.words import ago_text, number_text
from posapp.ui.sync_words import ShopState, shop_word, since_text, skew_sentence

translate = QCoreApplication.translate
_MOST_SHOPS = 3
_ORDER = ("sign_in", "portal", "certificate")


def faces(
    state: SyncState, shops: tuple[ShopState, ...], seconds: Mapping[str, int], now: datetime, zone: ZoneInfo
) -> dict[str, Face]:
    """Return the cards by key; `seconds` tells how often each shop is asked."""
    found: dict[str, Face] = {}
    shown = sorted(shops, key=_gravity)[:_MOST_SHOPS]
    for shop in shown:
        found[f"shop:{shop.name}"] = _shop(
            shop, now, zone, more=len(shops) - len(shown) if shop is shown[-1] else 0
        )
    if len(shops) == 1:
        found["last"] = _last(shops[0], seconds.get(shops[0].name, 0), now)
    summary = state.summary
    since = [summary.oldest_waiting, *(part.oldest for part in state.products_waiting)]
    oldest = min((at for at in since if at is not None), default=None)
    line = translate("sync", "Oldest %1").replace("%1", ago_text(oldest, now)) if oldest else ""
    found["waiting"] = Face(
        "cloud-arrow-up-fill" if summary.all_waiting else "cloud-check-fill",
        "pending" if summary.all_waiting else "ok",
        number_text(summary.all_waiting),
        translate("sync", "waiting"),
        line or translate("sync", "Nothing waits"),
    )
    needs, calm = translate("sync", "Needs you"), translate("sync", "Nothing to do")
    failed = summary.failed + summary.products_refused
    found["failed"] = Face(
        "cloud-warning-fill", "failed" if failed else "quiet", number_text(failed),
        translate("sync", "failed"), needs if failed else calm, loud=failed > 0,
    )  # fmt: skip
    word = translate("sync", "conflict") if summary.conflicts == 1 else translate("sync", "conflicts")
    found["conflicts"] = Face(
        "git-diff-fill", "conflict" if summary.conflicts else "quiet", number_text(summary.conflicts), word,
        needs if summary.conflicts else calm, loud=summary.conflicts > 0,
    )  # fmt: skip
    if summary.quarantined:
        found["unread"] = Face(
            "warning-fill",
            "warn",
            number_text(summary.quarantined),
            translate("sync", "unreadable"),
            needs,
            loud=True,
        )
    return found


def _gravity(shop: ShopState) -> tuple[int, str]:
    if shop.trouble in _ORDER:
        return _ORDER.index(shop.trouble), shop.name
    return len(_ORDER) + (shop.trouble in {"", "connecting"}), shop.name


def _shop(shop: ShopState, now: datetime, zone: ZoneInfo, *, more: int) -> Face:
    plus = translate("sync", "%1 more shops").replace("%1", str(more)) if more > 1 else ""
    plus = translate("sync", "1 more shop") if more == 1 else plus
    since = since_text(shop.since, now, zone) if shop.since and shop.trouble else ""
    heard = translate("sync", "%1 ago").replace("%1", ago_text(shop.last, now)) if shop.last else ""
    clock = translate("sync", "clock is off") if skew_sentence(shop) else ""
    line = " · ".join(part for part in (shop.name, clock, since or heard, plus) if part)
    if shop.trouble == "sign_in":
        return Face("warning-circle-fill", "danger", shop_word(shop), "", line, loud=True)
    if shop.trouble == "connecting":
        return Face("cloud-fill", "quiet", shop_word(shop), "", line)
    if shop.trouble:
        return Face("cloud-slash-fill", "warn", shop_word(shop), "", line, loud=True)
    return Face("wifi-high-bold", "warn" if clock else "ok", shop_word(shop), "", line)


def _last(shop: ShopState, seconds: int, now: datetime) -> Face:
    line = translate("sync", "Asks every %1 s").replace("%1", str(seconds)) if seconds else ""
    if shop.last is None:
        return Face("cloud-fill", "quiet", "–", translate("sync", "no answer yet"), line)
    return Face("cloud-check-fill", "quiet" if shop.trouble else "ok", ago_text(shop.last, now),
                translate("sync", "since last sync"), line)  # fmt: skip
