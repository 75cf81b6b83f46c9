"""The kitchen board in a plain window, over a database of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, Qt
from PySide6.QtGui import QInputDevice, QKeyEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posapp.config import Config
from posapp.domain.status import Status
from posapp.services import orders
from posapp.storage.details import order_detail
from posapp.storage.kitchen_rows import Ticket
from posapp.ui.context import Context
from posapp.ui.kitchen.tile import Tile
from posapp.ui.screens.kitchen import KitchenPage
from posapp.ui.theme import apply_theme, load_theme
from tests.gui.orders.scene import SHOP, WHO, FewDoors, Morning, listed_json, morning
from tests.support.clipping import find_clipped

W = TypeVar("W", bound=QWidget)
LARGE = (1920, 1080)


@dataclass
class Board:
    """The screen with what stands behind it, and hands to work with."""

    bot: QtBot
    scene: Morning
    ctx: Context
    page: KitchenPage
    finger: QPointingDevice
    sounds: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def pk(self, guest: str) -> int:
        return self.scene.by_name[guest]

    def ticket(self, guest: str) -> Ticket:
        return self.page.reader.tickets[self.pk(guest)]

    def tile(self, guest: str) -> Tile:
        found = self.page.board.tile_of(self.pk(guest))
        assert found is not None, guest
        return found

    def status(self, guest: str) -> str:
        found = order_detail(self.scene.store, self.pk(guest), self.ctx.config.targets)
        assert found is not None
        return found.row.status

    def move(self, guest: str, status: Status) -> None:
        """Let the counter move an order."""
        orders.move(self.scene.store, self.pk(guest), status, WHO)

    def guests(self) -> list[str]:
        """Return whose orders are on the board, in their places."""
        names = {pk: name for name, pk in self.scene.by_name.items()}
        return [names[pk] for pk in self.page.board.order]

    def places(self) -> list[str]:
        """Return the same with "" for gaps."""
        names = {pk: name for name, pk in self.scene.by_name.items()}
        return [names[pk] if pk is not None else "" for pk in self.page.board.places]

    def done(self, guest: str) -> list[bool]:
        return [item.done("") for item in self.ticket(guest).items]

    def find(self, kind: type[W], name: str) -> W:
        found = self.page.findChild(kind, name)
        assert found is not None, name
        return found

    # -- hands ---------------------------------------------------------------------------------------------

    def key(self, key: Qt.Key | str) -> None:
        if isinstance(key, str):
            QTest.keyClicks(self.page, key)
        else:
            QTest.keyClick(self.page, key)
        self.settle()

    def raw_key(self, key: Qt.Key, text: str, *, code: int = 0, repeat: bool = False) -> None:
        """Press a key as it comes from the keyboard of another layout, or held down."""
        press = QKeyEvent(
            QEvent.Type.KeyPress, int(key), Qt.KeyboardModifier.NoModifier, code, 0, 0, text, repeat, 1
        )
        QApplication.sendEvent(self.page, press)
        self.settle()

    def row_point(self, guest: str, number: int) -> QPoint:
        """Return the middle of an item's row, as the viewport counts."""
        tile = self.tile(guest)
        return tile.mapTo(self.page.board.viewport(), tile.item_rect(number).center())

    def foot_point(self, guest: str) -> QPoint:
        tile = self.tile(guest)
        return tile.mapTo(self.page.board.viewport(), tile.step.geometry().center())

    def click(self, at: QPoint) -> None:
        """Click whatever is there, as a mouse does."""
        viewport = self.page.board.viewport()
        target = viewport.childAt(at) or viewport
        QTest.mouseClick(target, Qt.MouseButton.LeftButton, pos=target.mapFrom(viewport, at))
        self.settle()

    def touch(self, at: QPoint, *further: QPoint) -> None:
        """Touch, drag through further points, and let go."""
        window = self.page.window()
        place = partial(self.page.board.viewport().mapTo, window)
        QTest.touchEvent(window, self.finger).press(0, place(at), window).commit()
        for each in further:
            QTest.touchEvent(window, self.finger).move(0, place(each), window).commit()
        QTest.touchEvent(window, self.finger).release(
            0, place(further[-1] if further else at), window
        ).commit()
        self.settle()

    # -- time ----------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Let all jobs end, and what they started too."""
        for _ in range(3):
            ended: list[bool] = []
            self.ctx.tasks.run(lambda: True, ended.append)
            self.bot.waitUntil(partial(bool, ended))
            QApplication.processEvents()

    def rest(self) -> None:
        """Let the moment pass in which a footer that has just changed takes nothing."""
        self.bot.wait(350)

    def calm(self) -> None:
        """Let nobody have touched the board for a while, and the clock tick."""
        self.page.board._touched = QElapsedTimer()
        self.page._tick()
        self.settle()

    def pass_time(self, **length: float) -> None:
        self.scene.clock.now += timedelta(**length)
        self.page._tick()
        self.settle()

    def put(self, **settings: Any) -> None:
        """Change settings of the kitchen."""
        values = {("kitchen", key): value for key, value in settings.items()}
        self.ctx.put_config(replace(self.ctx.config, values={**self.ctx.config.values, **values}))
        self.settle()

    def edit(self, guest: str, change: Callable[[dict[str, Any]], None]) -> None:
        """Let the shop change an order."""
        row = self.scene.store.one("SELECT raw FROM order_raw WHERE order_pk = ?", (self.pk(guest),))
        assert row is not None
        payload = json.loads(row[0])
        change(payload)
        listed_json(self.scene.store, [payload])
        self.settle()

    def fits(self) -> None:
        def nothing_clipped() -> None:
            assert find_clipped(self.page) == []

        self.bot.waitUntil(nothing_clipped)


@pytest.fixture(scope="session")
def finger(qapp: QApplication) -> QPointingDevice:
    return QTest.createTouchDevice(QInputDevice.DeviceType.TouchScreen)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Morning]:
    made = morning(tmp_path)
    yield made
    made.store.close_thread()


@pytest.fixture
def board(qtbot: QtBot, qapp: QApplication, scene: Morning, finger: QPointingDevice) -> Iterator[Board]:
    holder = apply_theme(qapp, load_theme("dark"))
    config = Config(remotes=(SHOP,))
    ctx = Context(scene.store, config, FewDoors(config), holder)
    page = KitchenPage(ctx)
    made = Board(qtbot, scene, ctx, page, finger)
    ctx.sound_wanted.connect(lambda sound: made.sounds.append(sound.value))
    ctx.problem.connect(lambda error: made.problems.append(error.title))
    page.resize(*LARGE)
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    page.shown()
    page._clock.stop()  # time passes when a test says so
    qtbot.waitUntil(lambda: bool(page.board.order))
    made.settle()
    yield made
    page.hidden()
    ctx.close()
