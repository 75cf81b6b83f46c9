"""The window's thread gets its turn soon, as long as there is a window."""

from __future__ import annotations

import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

import posapp.app


def test_turns_are_short_once_the_window_stands(qtbot: QtBot, tmp_path: Path) -> None:
    usual = sys.getswitchinterval()
    app = posapp.app.build(tmp_path, start_sync=False, sounds=False)
    try:
        qtbot.waitUntil(lambda: sys.getswitchinterval() < usual / 10, timeout=10_000)
    finally:
        app.close()
    assert sys.getswitchinterval() == usual
