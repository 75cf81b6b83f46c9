"""The real window with the training morning in its database, open at the Delivery screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posapp.app import App, build
from posapp.config_file import save_setting
from posapp.domain.status import Status
from posapp.domain.timing import Targets
from posapp.secrets import SecretStore
from posapp.services import couriers, orders
from posapp.storage.details import order_detail
from posapp.storage.dispatch import DispatchBoard, dispatch_board
from posapp.storage.rows import OrderDetail
from posapp.storage.store import Store
from posapp.ui.delivery.couriercard import CourierCard
from posapp.ui.delivery.roadrow import RoadRow
from posapp.ui.delivery.tile import OrderTile
from posapp.ui.screens.delivery import DeliveryPage
from posapp.ui.widgets.buttons import Button
from tests.gui.orders.scene import WHO, Morning, morning
from tests.support.clipping import find_clipped

W = TypeVar("W", bound=QWidget)
NAMES = ("Бауыржан Б.", "Сергей Т.", "Марат О.", "Данияр К.")


@dataclass
class Counter:
    """The window, and hands to work with."""

    app: App
    bot: QtBot
    scene: Morning
    couriers: dict[str, int] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.app.store

    @property
    def page(self) -> DeliveryPage:
        return self.find(DeliveryPage, "deliveryPage")

    def find(self, kind: type[W], name: str) -> W:
        found = self.app.window.findChild(kind, name)
        assert found is not None, name
        return found

    def pk(self, guest: str) -> int:
        return self.scene.by_name[guest]

    def detail(self, guest: str) -> OrderDetail:
        found = order_detail(self.store, self.pk(guest), Targets())
        assert found is not None
        return found

    def status(self, guest: str) -> str:
        return self.detail(guest).row.status

    def code(self, guest: str) -> str:
        return f"#{self.detail(guest).row.code}"

    def board(self) -> DispatchBoard:
        return dispatch_board(self.store, Targets())

    def holder(self, guest: str) -> str:
        """Return who has an order on the road, "" for nobody."""
        pks = {row.order.pk: row.courier for row in self.board().road}
        names = {pk: name for name, pk in self.couriers.items()}
        return names.get(pks.get(self.pk(guest)) or 0, "")

    def rest(self) -> None:
        assert self.app.wait_idle(15)

    def until(self, done: Callable[[], bool]) -> None:
        self.bot.waitUntil(done, timeout=10_000)

    def tile(self, guest: str) -> OrderTile:
        return self.find(OrderTile, f"tile_{self.pk(guest)}")

    def card(self, name: str) -> CourierCard:
        return self.find(CourierCard, f"courier_{self.couriers[name]}")

    def road(self, guest: str) -> RoadRow:
        return self.find(RoadRow, f"road_{self.pk(guest)}")

    def has_tile(self, guest: str) -> bool:
        return any(
            tile.row is not None and tile.row.order.pk == self.pk(guest) for tile in self.page.waiting.tiles
        )

    def on_road(self, guest: str) -> bool:
        return any(
            row.row is not None and row.row.order.pk == self.pk(guest) for row in self.page.fleet.road_rows
        )

    def button(self, name: str) -> Button:
        return self.find(Button, name)

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        assert widget.isVisible()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())

    def key(self, *keys: Qt.Key | str) -> None:
        for key in keys:
            target = QApplication.focusWidget() or self.app.window
            if isinstance(key, str):
                QTest.keyClicks(target, key)
            else:
                QTest.keyClick(target, key)

    def after_guard(self) -> None:
        self.until(lambda: not self.page.hand.guarded)

    def menu_action(self, name: str) -> None:
        menu = QApplication.activePopupWidget()
        assert menu is not None
        action = menu.findChild(QAction, name)
        assert action is not None, name
        action.trigger()
        menu.close()

    def clipped(self) -> list[object]:
        self.rest()
        return list(find_clipped(self.app.window))


def _counter(qtbot: QtBot, folder: Path, names: tuple[str, ...], theme: str) -> Counter:
    scene = morning(folder / "data")
    orders.move(scene.store, scene.by_name["nurlan"], Status.COOKING, WHO)
    pks = {name: couriers.add(scene.store, name, WHO) for name in names}
    scene.store.close_thread()
    save_setting(folder / "data", "look", "theme", theme)
    app = build(
        folder / "data",
        clock=scene.clock,
        start_sync=False,
        training=True,
        screen="delivery",
        secrets=SecretStore(folder / "keys", {}),
    )
    made = Counter(app, qtbot, scene, pks)
    app.open()
    app.context.message.connect(lambda text, _undo: made.messages.append(text))
    app.context.problem.connect(lambda error: made.problems.append(str(error)))
    app.window.resize(1366, 768)
    app.window.show()
    app.window.activateWindow()
    made.rest()
    return made


Make = Callable[..., Counter]


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Iterator[Make]:
    made: list[Counter] = []

    def start(*, names: tuple[str, ...] = NAMES, theme: str = "light") -> Counter:
        made.append(_counter(qtbot, tmp_path, names, theme))
        return made[-1]

    yield start
    for each in made:
        each.app.close()


@pytest.fixture
def counter(make: Make) -> Counter:
    return make()
