"""The developers' watch tells of a thread that stands still, and where."""

from __future__ import annotations

import logging
import time

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from posapp.ui.stalls import StallWatch, watch_if_wanted


def stand_still_here(seconds: float) -> None:
    time.sleep(seconds)


def test_a_stall_is_measured_and_its_place_told(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    watch = StallWatch(30)
    try:
        with caplog.at_level(logging.INFO, logger="posapp.ui.stalls"):
            stand_still_here(0.3)
            qtbot.waitUntil(lambda: watch.longest_ms >= 300)
        assert "stand_still_here" in caplog.text
        assert "stood still" in caplog.text
        watch.reset()
        assert watch.longest_ms == 0
    finally:
        watch.stop()


@pytest.mark.parametrize("wish", ["", "yes", "0", "-3"])
def test_nothing_runs_without_the_switch(qtbot: QtBot, wish: str) -> None:
    assert watch_if_wanted(wish, QObject()) is None
