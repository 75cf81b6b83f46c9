"""The window's thread gets its turn soon, as long as there is a window."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import posapp.app


@pytest.mark.usefixtures("qtbot")
def test_turns_are_short_while_the_window_is_open(tmp_path: Path) -> None:
    usual = sys.getswitchinterval()
    app = posapp.app.build(tmp_path, start_sync=False, sounds=False)
    try:
        assert sys.getswitchinterval() < usual / 10
    finally:
        app.close()
    assert sys.getswitchinterval() == usual
