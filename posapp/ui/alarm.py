"""What this station sounds: the alarm as state, until somebody takes notice anywhere, and single sounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from posapp.storage.rows import Alarm
from posapp.ui.context import Context
from posapp.ui.sound import Availability, Sound

REPEAT = timedelta(seconds=8)
LOUD_AFTER = timedelta(seconds=60)
SILENCE = timedelta(seconds=60)
_LOUDER = 30  # percent on top
_SWITCHES = {
    Sound.NEW: "sound",
    Sound.LATE: "late_sound",
    Sound.ERROR: "error_sound",
    Sound.BUMP: "bump_sound",
    Sound.CHIME: "start_sound",
}
NOBODY = Alarm(0, None, ())


class Player(Protocol):
    """What plays the sounds."""

    def play(self, sound: Sound, volume: int = 70) -> bool:
        """Start a sound; False when nothing can be heard."""

    def available(self) -> Availability:
        """Tell whether sounds can be heard here."""


@dataclass(frozen=True, slots=True)
class AlarmStep:
    """What is to be done now: ring, ring louder, and show the steady frame."""

    ring: bool = False
    loud: bool = False
    frame: bool = False


class AlarmClock:
    """Decides when to ring. It has no clock of its own; `tick` is called about once a second."""

    def __init__(self) -> None:
        self._rang_at: datetime | None = None
        self._silent_until: datetime | None = None

    def tick(self, alarm: Alarm, now: datetime) -> AlarmStep:
        """Return what to do at `now`; at once with the first order, then every 8 s until there is none."""
        if alarm.count == 0:
            self._rang_at = None
            self._silent_until = None
            return AlarmStep()
        loud = alarm.oldest is not None and now - alarm.oldest >= LOUD_AFTER
        if self.silenced(now) or not self._due(now):
            return AlarmStep(loud=loud, frame=True)
        self._rang_at = now
        return AlarmStep(ring=True, loud=loud, frame=True)

    def silence(self, now: datetime) -> None:
        """Be quiet for one minute; never for good."""
        self._silent_until = now + SILENCE

    def silenced(self, now: datetime) -> bool:
        """Tell whether a person asked for quiet; a clock that was set back cannot prolong it."""
        until = self._silent_until
        return until is not None and now < until <= now + SILENCE

    def _due(self, now: datetime) -> bool:
        # A clock that was set back must not keep the bell quiet.
        rang = self._rang_at
        return rang is None or now - rang >= REPEAT or now < rang


class AlarmKeeper(QObject):
    """Rings, calls the window to the front of the task bar, and tells the screens what to show."""

    shown = Signal(object, object, bool)  # Alarm, the time, whether it is silenced
    framed = Signal(bool, bool)  # whether a frame is shown, and whether it is the urgent one

    def __init__(self, ctx: Context, window: QWidget) -> None:
        super().__init__(window)
        self._ctx = ctx
        self._window = window
        self._clock = AlarmClock()
        self._alarm = NOBODY
        self._framed = (False, False)
        ctx.sound_wanted.connect(self.play)
        self.player: Player | None = None

    def put(self, alarm: Alarm) -> None:
        """Take over what the database says, and act on it at once."""
        self._alarm = alarm
        self.tick()

    def tick(self) -> None:
        """Let time pass: ring if it is time to."""
        now = self._ctx.clock()
        step = self._clock.tick(self._alarm, now)
        if step.ring:
            self._ring(loud=step.loud)
        if (step.frame, step.loud) != self._framed:
            self._framed = (step.frame, step.loud)
            self.framed.emit(step.frame, step.loud)
        self.shown.emit(self._alarm, now, self._clock.silenced(now))

    def silence(self) -> None:
        """Be quiet for one minute."""
        if self._alarm.count:
            self._clock.silence(self._ctx.clock())
            self.tick()

    def warning(self) -> str:
        """Return why new orders cannot be heard here; empty when they can."""
        config = self._ctx.config
        if not config.get("alarm", "sound"):
            return self.tr("The sound is switched off: new orders do not ring here.")
        if config.get("alarm", "volume") == 0:
            return self.tr("The volume is 0: new orders do not ring here.")
        if self.player is None:
            return ""
        return self.player.available().reason

    def play(self, sound: Sound, louder: int = 0) -> None:
        """Sound once, unless the settings of this station say no."""
        config = self._ctx.config
        volume = int(config.get("alarm", "volume"))
        if self.player is not None and volume and config.get("alarm", _SWITCHES[sound]):
            self.player.play(sound, volume + louder)

    def _ring(self, *, loud: bool) -> None:
        self.play(Sound.NEW, _LOUDER if loud else 0)
        if self._ctx.config.get("alarm", "flash"):
            QApplication.alert(self._window)  # does nothing while the window is the active one
