"""Watches over the alarm: warns when nobody could hear it, or when new orders may not have arrived."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from posapp.domain.watch import Gap, GapKind, GapSense, Polled, stale
from posapp.ui.alarm import AlarmKeeper
from posapp.ui.backup_watch import BackupWatch
from posapp.ui.context import Context
from posapp.ui.delegates.age import duration_text
from posapp.ui.loudspeaker import Speaker
from posapp.ui.shell_state import ShellState, StateReader
from posapp.ui.speakercheck import SpeakerCheck
from posapp.ui.watchbar import WatchBar

TICK_MS = 1000
_SPEAKER_EVERY = 30  # ticks
_GAP_SHOWN = timedelta(seconds=60)


def now_on_the_wall() -> datetime:
    """Return the real time, whatever clock the orders go by."""
    return datetime.now(UTC)


def elapsed_s() -> float:
    """Return seconds that go on while the computer sleeps and that nobody can set."""
    # Linux has a clock of its own for that; elsewhere the usual ones count sleep: on a Mac the system's
    # monotonic clock (Python's own does not), on Windows Python's.
    clock = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
    return time.monotonic() if clock is None else time.clock_gettime(clock)


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks that tell whether the computer stood still."""

    wall: Callable[[], datetime] = now_on_the_wall
    elapsed: Callable[[], float] = elapsed_s


class WatchKeeper(QObject):
    """Looks once a second, and puts its warnings into the bar; `start` begins."""

    settings_wanted = Signal(str)  # the section

    def __init__(
        self, ctx: Context, reader: StateReader, keeper: AlarmKeeper, bar: WatchBar, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._ctx, self._reader, self._keeper, self.bar = ctx, reader, keeper, bar
        self.clocks = Clocks()
        self._sense = GapSense()
        self._since = ctx.clock()
        self._gap: Gap | None = None
        self._gap_at = self._since
        self._polls = False
        self._ticks = 0
        self.speaker = Speaker.UNKNOWN
        self.check = SpeakerCheck(self)
        self.check.known.connect(self._speaker_known)
        bar.lists.triggered.connect(ctx.doors.sync_now)
        bar.sound.triggered.connect(lambda: self.settings_wanted.emit("alerts"))
        self.backups = BackupWatch(ctx, bar, self)
        self.backups.wanted.connect(lambda: self.settings_wanted.emit("backup"))
        bar.gap.triggered.connect(self._forget_gap)
        reader.changed.connect(self._look)
        ctx.config_changed.connect(self._look)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tick)

    def start(self, *, polls: bool) -> None:
        """Begin to watch; `polls` tells whether this program asks the shops by itself."""
        self._polls = polls
        self._since = self._ctx.clock()
        self._timer.start()
        self.backups.start()
        self.tick()

    def tick(self) -> None:
        """Look at the clocks, and now and then at the loudspeaker."""
        gap = self._sense.tick(self.clocks.wall(), self.clocks.elapsed())
        if gap is not None:
            self._woke(gap)
        if self._ticks % _SPEAKER_EVERY == 0 and self._keeper.player is not None:
            self.check.ask()
        self._ticks += 1
        self._look()

    def _woke(self, gap: Gap) -> None:
        """Ask for what was missed, at once, and say so."""
        self._gap, self._gap_at = gap, self._ctx.clock()
        self._since = self._gap_at
        self._ticks = 0
        if self._ctx.config.remotes:
            self._ctx.doors.sync_now()
        self._reader.refresh()

    def _forget_gap(self) -> None:
        self._gap = None
        self._look()

    def _speaker_known(self, speaker: Speaker) -> None:
        self.speaker = speaker
        self._look()

    # -- what is shown ---------------------------------------------------------------------------------

    def _look(self, _what: object = None) -> None:
        bar = self.bar
        bar.put(bar.lists, *self._lists_words(self._reader.state))
        bar.put(bar.sound, *self._sound_words())
        bar.put(bar.gap, *self._gap_words(self._reader.state))

    def _lists_words(self, state: ShellState | None) -> tuple[str, str]:
        if state is None or not self._polls:
            return "", ""
        found = stale(self._polled(state), self._since, self._ctx.clock())
        if not found:
            return "", ""
        name, age = max(found, key=lambda each: each[1])
        text = self.tr("No new list from %1 for %2. New orders may be waiting there.")
        text = text.replace("%1", name).replace("%2", _length(age))
        return text, self.tr("What you do here is saved. If asking does not help, start posapp again.")

    def _polled(self, state: ShellState) -> list[Polled]:
        rows = {row.name: row for row in state.summary.remotes}
        polled = []
        for remote in self._ctx.config.remotes:
            row = rows.get(remote.name)
            troubled = row is not None and (bool(row.trouble) or row.sign_in)
            last = row.last_pull_at if row is not None else None
            polled.append(Polled(remote.name, timedelta(seconds=remote.poll_seconds), last, troubled))
        return polled

    def _sound_words(self) -> tuple[str, str]:
        config, player = self._ctx.config, self._keeper.player
        if player is None or not config.get("alarm", "sound") or not config.get("alarm", "volume"):
            return "", ""  # switched off here on purpose
        remedy = self.tr("Or switch the sound off in the settings, if this station need not ring.")
        if not player.available().ok:
            return self.tr("New orders cannot be heard here."), f"{player.available().reason} {remedy}"
        match self.speaker:
            case Speaker.MUTED:
                text = self.tr("The loudspeaker is muted: new orders cannot be heard here.")
                return text, f"{self.tr('Turn it up in the sound settings of this computer.')} {remedy}"
            case Speaker.MISSING:
                text = self.tr("No loudspeaker is found: new orders cannot be heard here.")
                return text, f"{self.tr('Connect one, or check its cable.')} {remedy}"
            case _:
                return "", ""

    def _gap_words(self, state: ShellState | None) -> tuple[str, str]:
        if self._gap is None:
            return "", ""
        # What is offline says so elsewhere.
        asked = [each for each in self._polled(state) if not each.troubled] if state is not None else []
        fresh = all(each.last_list is not None and each.last_list >= self._gap_at for each in asked)
        if fresh and self._ctx.clock() - self._gap_at >= _GAP_SHOWN:
            self._gap = None
            return "", ""
        if self._gap.kind is GapKind.STOOD_STILL:
            text = self.tr("This computer slept or stood still for %1.")
        else:
            text = self.tr("The clock of this computer was moved by %1.")
        text = text.replace("%1", _length(abs(self._gap.length)))
        if not asked:
            return text, ""
        return text, self.tr("All orders are here now.") if fresh else self.tr("Asking for new orders now…")


def _length(length: timedelta) -> str:
    return duration_text(max(0, int(length.total_seconds())), exact=True)
