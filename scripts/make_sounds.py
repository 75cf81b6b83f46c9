"""Write the sounds of the app into resources/sounds: made by arithmetic, the same bytes on every run."""

from __future__ import annotations

import array
import math
import sys
import wave
from dataclasses import dataclass
from pathlib import Path

RATE = 44_100
PEAK = 0.95


@dataclass(frozen=True, slots=True)
class Note:
    """One note: when it starts and how long it rings (seconds), its pitch (hertz) and loudness (0 to 1)."""

    start: float
    length: float
    pitch: float
    loudness: float = 1.0


# Two rising notes, twice: bright enough for a kitchen, short enough to hear every eight seconds.
SOUNDS = {
    "new": (
        Note(0.00, 0.55, 659.26),
        Note(0.16, 0.70, 987.77),
        Note(0.60, 0.55, 659.26, 0.9),
        Note(0.76, 0.72, 987.77, 0.9),
    ),
    "late": (Note(0.00, 0.30, 587.33), Note(0.28, 0.30, 587.33), Note(0.56, 0.60, 440.00)),
    "error": (Note(0.00, 0.28, 311.13), Note(0.18, 0.50, 233.08)),
    "bump": (Note(0.00, 0.16, 880.00, 0.7),),
    # Three steps up: something begins by itself, and nobody has to do anything at once.
    "chime": (Note(0.00, 0.40, 523.25, 0.8), Note(0.18, 0.40, 659.26, 0.8), Note(0.36, 0.80, 783.99)),
}
# A struck bar: overtones that fade faster the higher they are.
PARTIALS = ((1.0, 1.0, 1.0), (2.0, 0.32, 1.8), (3.01, 0.16, 2.6), (5.4, 0.06, 4.0))


def strike(note: Note, at: float) -> float:
    """Return the note's displacement `at` seconds after the start of the sound."""
    since = at - note.start
    if not 0.0 <= since < note.length:
        return 0.0
    attack = min(1.0, since / 0.006)
    release = min(1.0, (note.length - since) / 0.04)
    ring = sum(
        share * math.sin(2 * math.pi * note.pitch * ratio * since) * math.exp(-since * fade * 4.2)
        for ratio, share, fade in PARTIALS
    )
    return note.loudness * attack * release * ring


def render(notes: tuple[Note, ...]) -> bytes:
    """Return the notes as 16-bit mono samples, at one common peak."""
    count = round(max(note.start + note.length for note in notes) * RATE)
    raw = [sum(strike(note, i / RATE) for note in notes) for i in range(count)]
    top = max(abs(value) for value in raw)
    samples = array.array("h", (round(value / top * PEAK * 32_767) for value in raw))
    if sys.byteorder == "big":
        samples.byteswap()
    return samples.tobytes()


def write_all(folder: Path) -> list[Path]:
    """Write every sound into `folder` and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, notes in SOUNDS.items():
        file = folder / f"{name}.wav"
        with wave.open(str(file), "wb") as writer:
            writer.setnchannels(1)
            writer.setsampwidth(2)
            writer.setframerate(RATE)
            writer.writeframes(render(notes))
        files.append(file)
    return files


if __name__ == "__main__":
    for written in write_all(Path(__file__).resolve().parent.parent / "resources" / "sounds"):
        print(written)
