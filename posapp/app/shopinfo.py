"""Fetching what a staff shop tells around its orders, for a person who asked for it and may stop it."""

from __future__ import annotations

from posapp.config import RemoteConfig
from posapp.domain.shopinfo import ShopInfo
from posapp.domain.who import Who
from posapp.remote.api import FormatSettings, Transport
from posapp.remote.shopinfo import read_shop_info
from posapp.services.shopinfo import keep_shop_info
from posapp.storage.store import Store
from posapp.ui.context import WINDOW_ORIGIN, FetchWatch, TestResult

_STOPPED = "Stopped. What was known before stays."


def fetch_shop_info(
    store: Store, remote: RemoteConfig, transport: Transport, watch: FetchWatch, who: Who
) -> TestResult:
    """Ask the shop, tell each step, and keep the answers unless the person stops it meanwhile."""
    settings = FormatSettings(remote.currency, remote.zone, remote.base_url)
    watch.at_stop(transport.close)  # whoever waits for an answer gets none, at once
    info = read_shop_info(transport, settings, watch.tell)
    if watch.stopped:
        return TestResult(ok=False, sentence=_STOPPED)
    if not (info.districts or info.delivery_costs or info.products or info.taxes):
        return TestResult(ok=False, sentence=" ".join(dict.fromkeys(info.problems)) or "The shop has none.")
    keep_shop_info(store, remote.name, info, who, origin=WINDOW_ORIGIN)
    return TestResult(ok=not info.problems, sentence=_sentence(info))


def _sentence(info: ShopInfo) -> str:
    """Return what was fetched, with its counts, and what could not be."""
    served = sum(district.deliverable for district in info.districts)
    counts = [
        _count(len(info.products), "product", "products"),
        _count(len(info.delivery_costs), "delivery cost", "delivery costs"),
        f"{_count(len(info.districts), 'district', 'districts')} ({served} delivered to)",
        _count(len(info.taxes), "tax", "taxes"),
    ]
    sentences = [f"Fetched {', '.join(counts[:-1])} and {counts[-1]}."]
    if info.skipped:
        rows = _count(info.skipped, "row", "rows")
        sentences.append(f"{rows} made no sense and {'was' if info.skipped == 1 else 'were'} left out.")
    return " ".join([*sentences, *info.problems])


def _count(number: int, one: str, more: str) -> str:
    return f"{number:,} {one if number == 1 else more}"
