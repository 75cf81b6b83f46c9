"""The window where there is no screen."""

from __future__ import annotations

import pytest

from tests.flow.accept.conftest import Posapp


def test_the_window_says_that_there_is_no_screen(posapp: Posapp, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    ended = posapp()
    assert ended.code == 2
    assert "no screen" in ended.err
