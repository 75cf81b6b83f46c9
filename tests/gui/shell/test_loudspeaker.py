"""What the platform's tools say of the loudspeaker, in their own words, and how the question is asked."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from posapp.ui.loudspeaker import (
    Answer,
    Speaker,
    question_for,
    read_alsa,
    read_mac,
    read_pipewire,
    read_pulse,
)
from posapp.ui.speakercheck import SpeakerCheck

SINK = "alsa_output.pci-0000_00_1f.3.analog-stereo\n"
LOUD = "Volume: front-left: 26214 /  40% / -23.88 dB,   front-right: 26214 /  40% / -23.88 dB\n"
QUIET = "Volume: mono: 0 /   0% / -inf dB\n        balance 0.00\n"
REFUSED = "Connection failure: Connection refused\npa_context_connect() failed: Connection refused\n"
OLD = "No valid command specified.\n"
MAC = "output volume:%s, input volume:75, alert volume:100, output muted:%s\n"
ALSA = (
    "Simple mixer control 'Master',0\n  Mono: Playback 59 [68%] [-17.50dB] [on]\n"
    "  Front Left: Playback 59 [68%] [-17.50dB] [on]\n"
)


def said(*texts: str) -> list[Answer]:
    return [Answer(0, text) for text in texts]


@pytest.mark.parametrize(
    ("answers", "speaker"),
    [
        (said(SINK, "Mute: no\n", LOUD), Speaker.AUDIBLE),
        (said(SINK, "Mute: yes\n", LOUD), Speaker.MUTED),
        (said(SINK, "Mute: no\n", QUIET), Speaker.MUTED),
        (said("auto_null\n", "Mute: no\n", LOUD), Speaker.MISSING),
        (said(REFUSED, REFUSED, REFUSED), Speaker.MISSING),
        (said(OLD, OLD, OLD), Speaker.UNKNOWN),
        ([Answer(-1, "")] * 3, Speaker.UNKNOWN),
    ],
)
def test_pulse(answers: list[Answer], speaker: Speaker) -> None:
    assert read_pulse(answers) is speaker


@pytest.mark.parametrize(
    ("read", "text", "speaker"),
    [
        (read_pipewire, "Volume: 0.40\n", Speaker.AUDIBLE),
        (read_pipewire, "Volume: 0.40 [MUTED]\n", Speaker.MUTED),
        (read_pipewire, "Volume: 0.00\n", Speaker.MUTED),
        (read_pipewire, "Node '@DEFAULT_AUDIO_SINK@' not found\n", Speaker.MISSING),
        (read_pipewire, "", Speaker.UNKNOWN),
        (read_alsa, "aplay: device_list:274: no soundcards found...\n", Speaker.MISSING),
        (read_alsa, ALSA, Speaker.AUDIBLE),
        (read_alsa, ALSA.replace("[on]", "[off]"), Speaker.MUTED),
        (read_alsa, ALSA.replace("[68%]", "[0%]"), Speaker.MUTED),
        (read_alsa, "card 0: PCH [HDA Intel PCH], device 0: ALC257 Analog\n", Speaker.UNKNOWN),
        (read_mac, MAC % ("50", "false"), Speaker.AUDIBLE),
        (read_mac, MAC % ("50", "true"), Speaker.MUTED),
        (read_mac, MAC % ("0", "false"), Speaker.MUTED),
        (read_mac, MAC % ("missing value", "missing value"), Speaker.UNKNOWN),
    ],
)
def test_other_platforms(read: Callable[[list[Answer]], Speaker], text: str, speaker: Speaker) -> None:
    assert read(said(text)) is speaker


def test_nothing_is_asked_where_there_is_no_player_or_a_strange_one() -> None:
    assert question_for(()) is None
    assert question_for(("/usr/bin/mpg123",)) is None


def tool(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put an own folder of tools on the path."""
    folder = tmp_path / "tools"
    folder.mkdir()
    tool(folder, "paplay", "exit 0")
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


needs_shell = pytest.mark.skipif(sys.platform != "linux", reason="the stand-in tools are shell scripts")


def ask(qtbot: QtBot) -> Speaker:
    check = SpeakerCheck()
    heard: list[Speaker] = []
    check.known.connect(heard.append)
    check.ask()
    check.ask()  # while one runs, it is that one
    qtbot.waitUntil(lambda: bool(heard), timeout=5000)
    assert len(heard) == 1
    return heard[0]


@needs_shell
def test_the_tools_are_asked_one_after_the_other_in_plain_english(tools: Path, qtbot: QtBot) -> None:
    tool(
        tools,
        "pactl",
        f'[ "$LC_ALL" = C ] || exit 9\ncase "$1" in get-default-sink) echo "{SINK.strip()}";; '
        f'get-sink-mute) echo "Mute: yes";; *) echo "{LOUD.strip()}";; esac',
    )
    assert ask(qtbot) is Speaker.MUTED


@needs_shell
def test_without_the_tool_nothing_is_known(
    tools: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tools))
    assert ask(qtbot) is Speaker.UNKNOWN


@needs_shell
def test_a_tool_that_hangs_is_given_up(tools: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posapp.ui.speakercheck._PATIENCE_MS", 50)
    tool(tools, "pactl", "exec sleep 30")
    assert ask(qtbot) is Speaker.UNKNOWN
