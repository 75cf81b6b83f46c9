"""The real window over a real database, open at the Reports screen, with a printer that is a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posapp.app import App, build
from posapp.config import RemoteConfig
from posapp.config_file import add_remote, save_printer, save_setting
from posapp.domain.received import RemoteLine
from posapp.domain.status import Status
from posapp.printing.printers import Printer
from posapp.secrets import SecretStore
from posapp.services import orders
from posapp.services.intake import Source, take_in
from posapp.storage.store import Store
from posapp.ui.screens.reports import ReportsPage
from posapp.ui.widgets.dialog import Dialog
from tests.support.clipping import find_clipped
from tests.support.shop_orders import ANNA, remote_order

W = TypeVar("W", bound=QWidget)
NOW = datetime(2026, 11, 22, 14, 42, tzinfo=UTC)  # 19:42 in Almaty, a Sunday
DISHES = (
    ("Пепперони 25 см", "2490.00"),
    ("Маргарита 30 см", "3290.00"),
    ("Мясная 30 см", "4390.00"),
    ("Четыре сыра 36 см с двойной моцареллой и очень длинным названием", "4790.00"),
    ("Крылья BBQ 12 шт", "3590.00"),
    ("Морс", "700.00"),
)


class ChosenClock:
    """A clock that goes on only when it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Desk:
    """The window, and hands to work with."""

    app: App
    bot: QtBot
    clock: ChosenClock
    paper: Path
    messages: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.app.store

    @property
    def page(self) -> ReportsPage:
        return self.find(ReportsPage, "reportsPage")

    def find(self, kind: type[W], name: str) -> W:
        places = [each for each in self.app.window.findChildren(Dialog) if each.isVisible()]
        for place in (*reversed(places), self.app.window):
            found = place.findChild(kind, name)
            if found is not None:
                return found
        raise AssertionError(name)

    def rest(self) -> None:
        assert self.app.wait_idle(15)

    def until(self, done: Callable[[], bool]) -> None:
        self.bot.waitUntil(done, timeout=10_000)

    def click(self, name: str) -> None:
        widget = self.find(QWidget, name)
        assert widget.isVisible(), name
        assert widget.isEnabled(), name
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.rest()

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        target = QApplication.focusWidget() or self.app.window
        QTest.keyClick(target, key, held)

    def enter(self, name: str, text: str) -> None:
        widget = self.find(QWidget, name)
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(widget, text)

    def dialog(self, kind: type[W]) -> W:
        self.rest()
        shown = [each for each in self.app.window.findChildren(kind) if each.isVisible()]
        assert len(shown) == 1, shown
        return shown[0]

    def dialogs(self) -> list[Dialog]:
        self.rest()
        return [each for each in self.app.window.findChildren(Dialog) if each.isVisible()]

    def clipped(self) -> list[object]:
        self.rest()
        return list(find_clipped(self.dialogs()[-1] if self.dialogs() else self.app.window))


def sell_by_remote(
    store: Store,
    clock: ChosenClock,
    sold: list[tuple[datetime, str, int, Status]],
    *,
    shop: str = "alma",
    currency: str = "KZT",
    brand: str = "Dodo",
) -> list[int]:
    """Put in orders: when, which dish, how many, and where each stands by now; made in ten minutes."""
    now, pks = clock.now, []
    for number, (at, title, many, status) in enumerate(sold):
        price = Decimal(dict(DISHES)[title])
        line = RemoteLine(title, many, price, price * many)
        clock.now = at
        order = remote_order(
            f"{at.timestamp():.0f}-{number}", created_at=at, total=f"{price * many:f}", lines=(line,),
            brand=brand, kind="pickup",
        )  # fmt: skip
        [pk] = [pk for pk, _ in take_in(store, Source(shop, "internal", currency), [order], "counter-1").seen]
        pks.append(pk)
        steps = [Status.ACCEPTED, Status.COOKING, Status.DELIVERED]
        if status is Status.CANCELLED:
            orders.move(store, pk, Status.CANCELLED, ANNA)
        elif status is not Status.CREATED:
            for step in steps[: steps.index(status) + 1]:
                if step is Status.DELIVERED:
                    clock.now = at + timedelta(minutes=10 + number)
                orders.move(store, pk, step, ANNA)
    clock.now = now
    store.close_thread()
    return pks


Make = Callable[..., Desk]


@pytest.fixture
def make(qtbot: QtBot, tmp_path: Path) -> Iterator[Make]:
    made: list[Desk] = []

    def start(*, theme: str = "light", scale: int = 100, printer: bool = True) -> Desk:
        data = tmp_path / "data"
        data.mkdir(exist_ok=True)
        save_setting(data, "look", "theme", theme)
        save_setting(data, "look", "text_scale", scale)
        save_setting(data, "alarm", "sound", value=False)
        paper = tmp_path / "paper.bin"
        if not made:
            if printer:
                save_printer(data, Printer("front", str(paper), kind="file", roles=("receipt",)))
            add_remote(data, RemoteConfig("alma", "https://shop.example", timezone="Asia/Almaty"))
        clock = ChosenClock()
        secrets = SecretStore(tmp_path / "keys", {"POSAPP_REMOTE_ALMA_API_KEY": "key"})
        app = build(data, clock=clock, start_sync=False, screen="reports", secrets=secrets)
        desk = Desk(app, qtbot, clock, paper)
        made.append(desk)
        app.open()
        app.context.message.connect(lambda text, _undo: desk.messages.append(text))
        app.context.problem.connect(lambda error: desk.problems.append(str(error)))
        app.window.resize(1366, 768)
        app.window.show()
        app.window.activateWindow()
        desk.rest()
        return desk

    yield start
    for desk in made:
        desk.app.close()


@pytest.fixture
def desk(make: Make) -> Desk:
    return make()
