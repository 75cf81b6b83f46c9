"""Sounds once for each order that gets late and for each new matter that needs a person."""

from __future__ import annotations

from PySide6.QtCore import QObject

from posapp.storage.attention import Attention
from posapp.ui.context import Context
from posapp.ui.shell_state import ShellState, StateReader
from posapp.ui.sound import Sound


class Novelties:
    """Tells what is new since the last look; what was there at the first look is not."""

    def __init__(self) -> None:
        self._late: set[int] | None = None
        self._needing: frozenset[str] = frozenset()

    def put(self, seen: Attention) -> tuple[Sound, ...]:
        """Return the sounds for what is new; an order is late once, a matter may come back."""
        if self._late is None:
            self._late, self._needing = set(seen.late), seen.needing
            return ()
        sounds = []
        if seen.late - self._late:
            sounds.append(Sound.LATE)
        if seen.needing - self._needing:
            sounds.append(Sound.ERROR)
        self._late |= seen.late
        self._needing = seen.needing
        return tuple(sounds)


class AttentionKeeper(QObject):
    """Plays those sounds whenever the window's state was read."""

    def __init__(self, ctx: Context, reader: StateReader, parent: QObject) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._novelties = Novelties()
        reader.changed.connect(self._look)

    def _look(self, state: ShellState) -> None:
        for sound in self._novelties.put(state.attention):
            self._ctx.play(sound)
