"""Sounds are reproducible, short, scaled by volume, and never hold up the screens."""

from __future__ import annotations

import array
import math
import sys
import time
import wave
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from posapp import resources
from posapp.ui import sound as sounds
from posapp.ui.sound import LOUDEST, Sound, SoundPlayer, scaled_file
from scripts.make_sounds import write_all


def peak(file: Path) -> int:
    with wave.open(str(file), "rb") as reader:
        return max(abs(sample) for sample in array.array("h", reader.readframes(reader.getnframes())))


@pytest.mark.parametrize("sound", list(Sound))
def test_every_sound_is_short_mono_and_of_cd_quality(sound: Sound) -> None:
    with wave.open(str(resources.path(f"sounds/{sound}.wav")), "rb") as reader:
        assert (reader.getnchannels(), reader.getsampwidth(), reader.getframerate()) == (1, 2, 44_100)
        assert 0.05 < reader.getnframes() / 44_100 <= 1.5


def test_the_files_are_what_the_script_writes(tmp_path: Path) -> None:
    for file in write_all(tmp_path):
        assert file.read_bytes() == resources.path(f"sounds/{file.name}").read_bytes()


def test_volume_scales_the_samples_and_is_written_once(tmp_path: Path) -> None:
    half, whole = scaled_file(Sound.NEW, 50, tmp_path), scaled_file(Sound.NEW, 100, tmp_path)
    # Ten decibels are heard as half.
    assert 20 * math.log10(peak(half) / peak(whole)) == pytest.approx(-10, abs=0.1)
    written = half.stat().st_mtime_ns
    assert scaled_file(Sound.NEW, 50, tmp_path) == half
    assert half.stat().st_mtime_ns == written


def test_the_full_volume_leaves_room_for_the_alarm_to_be_louder(tmp_path: Path) -> None:
    whole, loudest = scaled_file(Sound.NEW, 100, tmp_path), scaled_file(Sound.NEW, LOUDEST, tmp_path)
    assert loudest == resources.path("sounds/new.wav")
    assert 20 * math.log10(peak(loudest) / peak(whole)) > 3
    assert peak(loudest) < 32_767


@pytest.fixture
def player_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a player on the path that writes down what it was asked to play."""
    folder = tmp_path / "bin"
    folder.mkdir()
    heard = tmp_path / "heard"
    program = folder / "paplay"
    program.write_text(f'#!/bin/sh\nsleep 0.3\necho "$1" >> "{heard}"\nexit ${{POSTEST_CODE:-0}}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return heard


@pytest.mark.skipif(sys.platform != "linux", reason="the stand-in player is a shell script")
def test_playing_returns_at_once_and_reaches_the_platforms_player(
    player_program: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    player = SoundPlayer(tmp_path / "cache")
    start = time.monotonic()
    assert player.play(Sound.NEW, 70)
    assert time.monotonic() - start < 0.25
    qtbot.waitUntil(player_program.exists, timeout=5000)
    assert player_program.read_text().strip().endswith(".wav")
    assert player.available().ok
    player.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="the stand-in player is a shell script")
def test_a_player_that_fails_is_reported_and_tried_again_each_time(
    player_program: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTEST_CODE", "3")
    player = SoundPlayer(tmp_path / "cache")
    player.play(Sound.BUMP, 70)
    qtbot.waitUntil(lambda: not player.available().ok, timeout=5000)
    assert "3" in player.available().reason
    monkeypatch.setenv("POSTEST_CODE", "0")
    assert player.play(Sound.BUMP, 70)
    qtbot.waitUntil(lambda: player.available().ok, timeout=5000)


@pytest.mark.skipif(sys.platform != "linux", reason="the stand-in player is a shell script")
def test_a_player_that_hangs_is_ended_and_reported(
    player_program: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sounds, "_LONGEST_MS", 50)
    player = SoundPlayer(tmp_path / "cache")
    player.play(Sound.NEW, 70)
    qtbot.waitUntil(lambda: not player.available().ok, timeout=5000)
    assert "does not end" in player.available().reason
    assert not player_program.exists()


def test_without_a_player_the_reason_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sounds, "find_player", lambda: ())
    player = SoundPlayer(tmp_path)
    assert not player.play(Sound.NEW)
    assert player.available().reason.endswith(".")


def test_silence_plays_nothing(tmp_path: Path) -> None:
    assert not SoundPlayer(tmp_path).play(Sound.NEW, 0)
    assert list(tmp_path.iterdir()) == []
