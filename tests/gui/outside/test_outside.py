"""From created to delivered in the real window on a virtual screen, with keys or mouse from outside of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.benchmarks.bench import ROOT
from tests.gui.orders.scene import Morning, morning

_TOOLS = ("Xvfb", "xdotool")
_WAIT_S = 15.0
_GUARD_S = 0.35  # a footer that has just changed takes nothing for a moment
pytestmark = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in _TOOLS), reason="needs Xvfb and xdotool"
)


@dataclass
class Outside:
    """Hands at a virtual screen; they know the window by what it shows and answers."""

    display: str
    window: subprocess.Popen[str]

    def ask(self, question: str) -> str:
        assert self.window.stdin is not None
        assert self.window.stdout is not None
        self.window.stdin.write(question + "\n")
        self.window.stdin.flush()
        return self.window.stdout.readline().strip()

    def until(self, question: str, wanted: Callable[[str], bool] = bool) -> str:
        end = time.monotonic() + _WAIT_S
        while not wanted(answer := self.ask(question)):
            assert time.monotonic() < end, f"{question}: {answer}"
            time.sleep(0.03)
        return answer

    def _do(self, *words: str) -> None:
        subprocess.run(
            ["xdotool", *words], env={**os.environ, "DISPLAY": self.display}, check=True, timeout=10
        )

    def key(self, *keys: str) -> None:
        self._do("key", "--clearmodifiers", *keys)

    def type_text(self, text: str) -> None:
        self._do("type", text)

    def click(self, what: str) -> None:
        x, y = self.until(what).split()
        self._do("mousemove", x, y, "click", "1")

    def reaches(self, pk: int, status: str) -> None:
        self.until(f"status {pk}", lambda now: now == status)


@pytest.fixture
def display() -> Iterator[str]:
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1920x1080x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(write,), stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as number:
        yield f":{number.readline().strip()}"
    server.terminate()
    server.wait(10)


@pytest.fixture
def scene(tmp_path: Path) -> Morning:
    made = morning(tmp_path / "data")
    made.store.close_thread()
    return made


Start = Callable[[int, int], Outside]


@pytest.fixture
def start(display: str, scene: Morning) -> Iterator[Start]:
    windows: list[subprocess.Popen[str]] = []

    def begin(wide: int, high: int) -> Outside:
        words = [sys.executable, "-m", "tests.gui.outside.window_program", str(scene.store.data_dir)]
        window = subprocess.Popen(
            [*words, str(wide), str(high)],
            cwd=ROOT,
            env={**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        windows.append(window)
        assert window.stdout is not None
        assert window.stdout.readline() == "ready\n"
        return Outside(display, window)

    yield begin
    for window in windows:
        try:
            window.communicate(timeout=20)
        finally:
            window.kill()
        assert window.returncode == 0


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_an_order_goes_all_its_way_with_the_mouse_alone(
    start: Start, scene: Morning, size: tuple[int, int]
) -> None:
    hand, pk = start(*size), scene.by_name["aigerim"]

    hand.click(f"row {pk}")
    hand.click("where nextStepButton")
    hand.reaches(pk, "accepted")
    hand.click("rail kitchen")
    _show_tile(hand, pk)
    hand.click(f"tile {pk}")
    hand.reaches(pk, "cooking")
    hand.until(f"foot {pk}", lambda words: words == "Ready")
    time.sleep(_GUARD_S)
    hand.click(f"tile {pk}")
    hand.until(f"bumped {pk}", lambda answer: answer == "True")
    hand.click("rail delivery")
    _wheel_to(hand, f"where act_{pk}", "where waitingOrders")
    hand.click(f"where act_{pk}")
    hand.reaches(pk, "ondelivery")
    hand.click(f"where end_{pk}")
    hand.reaches(pk, "delivered")


def test_an_order_goes_all_its_way_with_keys_alone(start: Start, scene: Morning) -> None:
    hand, pk = start(1366, 768), scene.by_name["aigerim"]
    code = scene.store.one("SELECT code FROM orders WHERE pk = ?", (pk,))
    scene.store.close_thread()
    assert code is not None

    hand.type_text(str(code[0]))
    hand.until(f"row {pk}")
    time.sleep(_GUARD_S)
    hand.key("Return")
    time.sleep(_GUARD_S)
    hand.key("Return")
    hand.reaches(pk, "accepted")
    hand.key("ctrl+3")
    hand.until("screen", lambda screen: screen == "kitchen")
    _walk(hand, "Right", "chosen", str(pk))
    hand.key("Return")
    hand.reaches(pk, "cooking")
    hand.until(f"foot {pk}", lambda words: words == "Ready")
    time.sleep(_GUARD_S)
    hand.key("Return")
    hand.until(f"bumped {pk}", lambda answer: answer == "True")
    hand.key("ctrl+4")
    hand.until("screen", lambda screen: screen == "delivery")
    _walk(hand, "Down", "focus", f"tile_{pk}")
    hand.key("Return")
    hand.reaches(pk, "ondelivery")
    time.sleep(_GUARD_S)
    _walk(hand, "Down", "focus", f"road_{pk}")
    hand.key("d")
    hand.reaches(pk, "delivered")


def _walk(hand: Outside, key: str, question: str, goal: str) -> None:
    for _ in range(40):
        if hand.ask(question) == goal:
            return
        hand.key(key)
        time.sleep(0.03)
    raise AssertionError(f"{question}: {hand.ask(question)} and not {goal}")


def _show_tile(hand: Outside, pk: int) -> None:
    hand.until("screen", lambda screen: screen == "kitchen")
    hand.until("where kitchenBoard")
    time.sleep(0.2)
    _wheel_to(hand, f"tile {pk}", "where kitchenBoard")


def _wheel_to(hand: Outside, wanted: str, over: str) -> None:
    for _ in range(20):
        if hand.ask(wanted):
            return
        x, y = hand.until(over).split()
        hand._do("mousemove", x, y, "click", "5")
        time.sleep(0.05)
