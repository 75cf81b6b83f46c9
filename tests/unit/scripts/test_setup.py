"""The set-up script decides right what to do, and says in words what a person has to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from scripts import run, setup

WISH: dict[str, object] = {"made_from": "abc", "screens": [], "virtual_screen": False}


@pytest.mark.parametrize(
    ("done", "is_covered"),
    [
        ({}, False),
        (WISH, True),
        ({**WISH, "made_from": "older"}, False),
        ({**WISH, "screens": ["xcb"], "virtual_screen": True}, True),
    ],
)
def test_an_environment_is_made_again_only_when_something_changed(
    done: dict[str, object], is_covered: bool
) -> None:
    assert setup.is_covered(WISH, done) is is_covered


def test_a_screen_that_came_later_is_checked() -> None:
    assert not setup.is_covered({**WISH, "screens": ["xcb"]}, WISH)


@pytest.mark.parametrize("content", ["", "{", "[1]", "\N{SNOWMAN}"])
def test_a_damaged_stamp_counts_as_none(tmp_path: Path, content: str) -> None:
    stamp = tmp_path / "set-up.json"
    stamp.write_text(content, encoding="utf-8")

    assert setup.read_stamp(stamp) == {}


@pytest.mark.parametrize("changed", ["requirements/dev.txt", "pyproject.toml", "scripts/setup.py"])
def test_the_fingerprint_follows_what_the_environment_is_made_from(tmp_path: Path, changed: str) -> None:
    for name in ("requirements/dev.txt", "pyproject.toml", "scripts/setup.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("before", encoding="utf-8")
    before = setup.fingerprint(tmp_path)
    assert setup.fingerprint(tmp_path) == before

    (tmp_path / changed).write_text("after", encoding="utf-8")

    assert setup.fingerprint(tmp_path) != before


@pytest.mark.parametrize(
    ("environ", "platform", "screens"),
    [
        ({}, "linux", ()),
        ({"DISPLAY": ":0"}, "linux", ("xcb",)),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, "linux", ("xcb", "wayland")),
        ({"DISPLAY": ":0"}, "darwin", ()),
    ],
)
def test_the_screens_at_hand_are_seen(
    environ: dict[str, str], platform: str, screens: tuple[str, ...]
) -> None:
    assert setup.wanted_screens(environ, platform) == screens


def test_without_apt_the_missing_packages_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)

    with pytest.raises(setup.SetupError) as told:
        setup.install_system_packages(["libegl1"], why="libEGL.so.1 is not there")

    assert "libEGL.so.1 is not there" in str(told.value)
    assert "apt-get install --yes --no-install-recommends libegl1" in str(told.value)


def test_without_the_right_to_install_the_command_is_told_and_nothing_is_run(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(setup, "root_prefix", lambda: None)

    with pytest.raises(setup.SetupError, match="Please run\n  sudo apt-get update && sudo apt-get install"):
        setup.install_system_packages(["libegl1"], why="libEGL.so.1 is not there")

    assert capfd.readouterr().out == ""


def test_a_command_that_fails_is_shown_with_what_it_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(setup.SetupError, match="no luck"):
        setup.run([sys.executable, "-c", "print('the reason'); raise SystemExit(3)"], "no luck")

    assert "the reason" in capsys.readouterr().err


def test_an_environment_without_pip_is_not_sound(tmp_path: Path) -> None:
    assert not setup.is_sound(tmp_path)
    venv.create(tmp_path, with_pip=False)
    assert not setup.is_sound(tmp_path)


def test_an_older_python_is_refused_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup, "OLDEST_PYTHON", (99, 0))

    assert setup.main([]) == 1
    assert "posapp needs Python" in capsys.readouterr().err


def test_qt_and_its_screen_plugins_are_really_loaded() -> None:
    environment = Path(sys.prefix)

    assert setup.qt_trouble(environment, ["offscreen"]) == ""
    assert "libqunicorn.so" in setup.qt_trouble(environment, ["unicorn"])
    assert setup.qt_trouble(environment, ["unicorn", "offscreen"]) == ""


def test_the_script_runs_on_a_bare_python() -> None:
    root = Path(setup.__file__).resolve().parents[1]
    help_text = subprocess.run(
        [sys.executable, "-S", "-I", str(root / "scripts" / "setup.py"), "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"]},
    ).stdout

    assert "--virtual-screen" in help_text


@pytest.mark.parametrize(
    ("environ", "platform", "has_screen"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_the_first_look_is_a_window_or_the_tour(
    environ: dict[str, str], platform: str, has_screen: bool
) -> None:
    words, extra = run.command(environ, platform)

    assert ("--training" in words) is has_screen
    assert ("tour" in words) is not has_screen
    assert bool(extra) is not has_screen
