"""What the right side says when nothing is chosen: whether everything is sent, and what is safe."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from posapp.storage.sync_center import SyncState
from posapp.ui.sync_center.words import number_text
from posapp.ui.sync_words import ShopState, overall_sentence, pill_view
from posapp.ui.widgets.syncpill import PillState

translate = QCoreApplication.translate


def rest_words(
    state: SyncState, shops: tuple[ShopState, ...], now: datetime, zone: ZoneInfo
) -> tuple[str, str, str, str]:
    """Return icon, title, sentence and tone."""
    view = pill_view(shops, state.summary, now, zone)
    sentence = overall_sentence(view, state.summary.all_waiting)
    match view.state:
        case PillState.NO_SHOP:
            text = translate(
                "sync", "Connect one in the settings: orders arrive and changes go out by themselves."
            )
            return "plugs-connected-fill", sentence, text, "text3"
        case PillState.CONNECTING:
            text = translate("sync", "Keep working: whatever you change is saved here.")
            return "cloud-fill", sentence, text, "text3"
        case PillState.OFFLINE:
            title = translate("sync", "Offline %1").replace("%1", view.second) if view.second else view.second
            return "cloud-slash-fill", title or translate("sync", "Offline"), sentence, "warn"
        case PillState.WAITING:
            text = translate("sync", "Nothing to do: they leave by themselves, in the order they were made.")
            return "cloud-arrow-up-fill", sentence, text, "warn"
        case PillState.NEED_YOU:
            text = translate("sync", "Choose it in the list on the left.")
            return "cloud-warning-fill", sentence, text, "danger"
        case _:
            done = translate("sync", "%1 changes have reached the shop today.")
            text = done.replace("%1", number_text(state.done.count)) if state.done.count > 1 else ""
            calm = translate("sync", "Whatever you change is saved on this PC first, then sent by itself.")
            return (
                "cloud-check-fill",
                translate("sync", "Everything is sent."),
                f"{text} {calm}".strip(),
                "ok",
            )
