"""Whether this computer's loudspeaker can be heard, from what the platform's own tools answer."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath


class Speaker(StrEnum):
    """What the platform tells of the loudspeaker."""

    AUDIBLE = "audible"
    MUTED = "muted"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """Commands to run one after the other, and how their answers are read."""

    commands: tuple[tuple[str, ...], ...]
    read: Callable[[Sequence[Answer]], Speaker]


def question_for(player: Sequence[str]) -> Question | None:
    """Return what to ask where sounds are played by this command; None where nothing can be asked."""
    match PurePath(player[0]).name if player else "":
        case "paplay":
            sink = "@DEFAULT_SINK@"
            asked = (("get-default-sink",), ("get-sink-mute", sink), ("get-sink-volume", sink))
            return Question(tuple(("pactl", *words) for words in asked), read_pulse)
        case "pw-play":
            return Question((("wpctl", "get-volume", "@DEFAULT_AUDIO_SINK@"),), read_pipewire)
        case "aplay":
            return Question((("aplay", "-l"), ("amixer", "get", "Master")), read_alsa)
        case "afplay":
            return Question((("osascript", "-e", "get volume settings"),), read_mac)
        case _:
            return None


def read_pulse(answers: Sequence[Answer]) -> Speaker:
    """Read what pactl says of the default sink."""
    text = "\n".join(answer.text for answer in answers)
    lines = text.splitlines()
    if "onnection refused" in text or "onnection failure" in text or "auto_null" in lines:
        return Speaker.MISSING
    if "Mute: yes" in lines:
        return Speaker.MUTED
    return _by_percent(re.findall(r"/\s*(\d+)%", text))


def read_pipewire(answers: Sequence[Answer]) -> Speaker:
    """Read what wpctl says of the default sink."""
    text = "\n".join(answer.text for answer in answers)
    if "not found" in text or "ould not connect" in text:
        return Speaker.MISSING
    if "[MUTED]" in text:
        return Speaker.MUTED
    found = re.findall(r"Volume:\s*([\d.]+)", text)
    return _by_percent([str(round(float(number) * 100)) for number in found])


def read_alsa(answers: Sequence[Answer]) -> Speaker:
    """Read what aplay says of the cards, and amixer of the master control, which not every card has."""
    text = "\n".join(answer.text for answer in answers)
    if "no soundcards" in text:
        return Speaker.MISSING
    if "[off]" in text and "[on]" not in text:
        return Speaker.MUTED
    return _by_percent(re.findall(r"\[(\d+)%\]", text))


def read_mac(answers: Sequence[Answer]) -> Speaker:
    """Read what macOS says of its output; some devices have no volume of their own."""
    text = "\n".join(answer.text for answer in answers)
    if "output muted:true" in text:
        return Speaker.MUTED
    return _by_percent(re.findall(r"output volume:(\d+)", text))


def _by_percent(found: Sequence[str]) -> Speaker:
    if not found:
        return Speaker.UNKNOWN
    return Speaker.AUDIBLE if any(int(percent) > 0 for percent in found) else Speaker.MUTED


def ask_windows() -> Speaker:
    """Ask Windows, which answers at once: how many outputs there are, and the volume of this program."""
    if sys.platform == "win32":
        import ctypes

        winmm = ctypes.windll.winmm
        if winmm.waveOutGetNumDevs() == 0:
            return Speaker.MISSING
        volume = ctypes.c_uint32()
        if winmm.waveOutGetVolume(None, ctypes.byref(volume)) == 0:
            return Speaker.AUDIBLE if volume.value else Speaker.MUTED
    return Speaker.UNKNOWN
