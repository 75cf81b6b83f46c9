"""What the sync pill and its panel say, from what the database knows of the shops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication

from posapp.config import RemoteConfig
from posapp.storage.rows import RemoteRow, SyncSummary
from posapp.ui.widgets.syncpill import PillState

translate = QCoreApplication.translate

SKEW_S = 120
_NO_KEY = "There is no key"  # how the sender begins its note when it has nothing to sign in with
_NO_STAFF = "This account is not one of the shop's staff"
_PATIENCE = timedelta(seconds=60)  # without any answer for longer than this, a shop counts as offline


@dataclass(frozen=True, slots=True)
class ShopState:
    """How one shop stands: `trouble` is empty while all is well, "connecting" before its first answer."""

    name: str
    trouble: str
    since: datetime | None
    last: datetime | None
    detail: str
    skew_s: int
    by_password: bool = False  # people sign in there, instead of giving a key


@dataclass(frozen=True, slots=True)
class PillView:
    """What the pill shows."""

    state: PillState
    count: int
    second: str


def shop_states(
    remotes: Sequence[RemoteConfig], known: Sequence[RemoteRow], now: datetime, started: datetime
) -> tuple[ShopState, ...]:
    """Return the state of each connected shop; `started` is when this window began to look."""
    rows = {row.name: row for row in known}
    return tuple(_shop_state(remote, rows.get(remote.name), now, started) for remote in remotes)


def _shop_state(remote: RemoteConfig, row: RemoteRow | None, now: datetime, started: datetime) -> ShopState:
    last = row.last_ok_at if row else None
    detail = row.detail if row else ""
    skew = row.clock_skew_s or 0 if row else 0
    trouble, since = (row.trouble, row.trouble_since) if row else ("", None)
    if trouble == "throttled":
        trouble = ""  # a pause that the shop asked for passes by itself
    patience = max(_PATIENCE, 3 * timedelta(seconds=remote.poll_seconds))
    heard = max(last, started) if last else started
    if not trouble and now - heard > patience:
        trouble, since = "silent", last or started
    elif not trouble and last is None:
        trouble = "connecting"
    return ShopState(remote.name, trouble, since, last, detail, skew, remote.by_password)


def pill_view(states: Sequence[ShopState], summary: SyncSummary, now: datetime, zone: ZoneInfo) -> PillView:
    """Return what the pill shows: the gravest thing first."""
    if not states:
        return PillView(PillState.NO_SHOP, 0, "")
    lasts = [state.last for state in states if state.last is not None]
    second = synced_text(min(lasts), now, zone) if lasts else ""
    if summary.all_attention:
        return PillView(PillState.NEED_YOU, summary.all_attention, second)
    offline = [state for state in states if state.trouble not in {"", "connecting"}]
    if offline:
        since = min((state.since for state in offline if state.since), default=None)
        return PillView(PillState.OFFLINE, summary.all_waiting, since_text(since, now, zone) if since else "")
    if any(state.trouble for state in states):
        return PillView(PillState.CONNECTING, 0, "")
    if summary.all_waiting:
        return PillView(PillState.WAITING, summary.all_waiting, second)
    return PillView(PillState.ONLINE, 0, second)


def overall_sentence(view: PillView, waiting: int) -> str:
    """Return the panel's first sentence: what happened, and what is safe."""
    match view.state:
        case PillState.ONLINE:
            return translate("sync", "Everything has reached the shop.")
        case PillState.CONNECTING:
            return translate("sync", "Asking the shop for the first time…")
        case PillState.WAITING:
            one, more = (
                translate("sync", "1 change is on its way."),
                translate("sync", "%1 changes are on their way."),
            )
            return one if waiting == 1 else more.replace("%1", str(waiting))
        case PillState.NEED_YOU:
            return translate("sync", "Something needs you. Everything else goes on.")
        case PillState.OFFLINE if waiting:
            one, more = (
                translate("sync", "Keep working — 1 change is saved here."),
                translate("sync", "Keep working — %1 changes are saved here."),
            )
            return one if waiting == 1 else more.replace("%1", str(waiting))
        case PillState.OFFLINE:
            return translate("sync", "Keep working: whatever you change is saved here.")
        case PillState.AWAY:
            return translate("sync", "The database is away. Changes of status are kept here.")
        case PillState.NO_SHOP:
            return translate("sync", "No shop is connected yet.")


def shop_word(state: ShopState) -> str:
    """Return one word for a shop's state."""
    match state.trouble:
        case "":
            return translate("sync", "Online")
        case "connecting":
            return translate("sync", "Connecting…")
        case "sign_in":
            needed = translate("sync", "Password needed"), translate("sync", "Key needed")
            return needed[0] if state.by_password else needed[1]
        case _:
            return translate("sync", "Offline")


def shop_sentence(state: ShopState) -> str:
    """Return what is wrong with a shop's connection and what to do, in plain words; "" if all is well."""
    if state.trouble in {"", "connecting"}:
        return ""
    if state.trouble == "sign_in" and state.by_password:
        return _password_sentence(state)
    if state.trouble == "sign_in" and state.detail.startswith(_NO_KEY):
        return translate("sync", "There is no key for this shop on this PC — enter it.")
    if state.trouble == "sign_in" and state.last is not None:
        return translate("sync", "The shop no longer accepts the key — enter a new one.")
    known = {
        "sign_in": translate("sync", "The shop does not accept the key — enter another one."),
        "portal": translate(
            "sync",
            "A sign-in page of the network answers instead of the shop. "
            "Open a browser and sign in to the network.",
        ),
        "certificate": translate(
            "sync", "The shop cannot prove that it is the shop. Check the date and clock of this PC."
        ),
        "silent": translate("sync", "Nothing has been heard of the shop. It is asked again and again."),
        "unreadable": translate("sync", "The shop's answer makes no sense. It is asked again by itself."),
        "refused": translate("sync", "The shop refuses to answer. Check its address and the key."),
        "forbidden": translate("sync", "The shop refuses to answer. Check its address and the key."),
        "gone": translate("sync", "The shop does not know what it is asked for. Check its address."),
    }
    other = translate("sync", "The shop cannot be reached. It is tried again by itself.")
    return known.get(state.trouble, other)


def _password_sentence(state: ShopState) -> str:
    if state.detail.startswith(_NO_KEY):
        return translate("sync", "There is no password for this shop on this PC — enter it.")
    if state.detail.startswith(_NO_STAFF):
        return translate("sync", "This account is not one of the shop's staff — sign in with another one.")
    return translate("sync", "The shop wants the password again — enter it. What you change waits here.")


def skew_sentence(state: ShopState) -> str:
    """Return a warning when this computer's clock differs from the shop's; "" when it does not."""
    if abs(state.skew_s) <= SKEW_S:
        return ""
    minutes = str(round(abs(state.skew_s) / 60))
    text = (
        translate("sync", "This PC's clock is %1 min ahead of the shop's.")
        if state.skew_s > 0
        else translate("sync", "This PC's clock is %1 min behind the shop's.")
    )
    return text.replace("%1", minutes)


def synced_text(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return "Synced 8 s ago"; after an hour the time of day."""
    seconds = max(0, int((now - at).total_seconds()))
    if seconds < 60:
        return translate("sync", "Synced %1 s ago").replace("%1", str(seconds))
    if seconds < 3600:
        return translate("sync", "Synced %1 min ago").replace("%1", str(seconds // 60))
    return translate("sync", "Synced %1").replace("%1", moment_text(at, now, zone))


def since_text(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return "since 19:31"."""
    return translate("sync", "since %1").replace("%1", moment_text(at, now, zone))


def moment_text(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return a time of day in the shop's zone, with the date unless it is today."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%d.%m. %H:%M}"
