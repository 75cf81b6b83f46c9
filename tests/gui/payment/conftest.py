"""The payment panel in a plain card, and the running app of the shell's tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posapp.config import Config
from posapp.domain.payment import Tender
from posapp.ui.context import Context
from posapp.ui.payment.panel import PaymentPanel
from posapp.ui.theme import apply_theme, load_theme
from posapp.ui.widgets.card import Card
from tests.gui.orders.scene import FewDoors, open_empty
from tests.gui.shell.conftest import make, shop

__all__ = ["make", "shop"]
PANEL_WIDE, PANEL_HIGH = 360, 686  # its place on the screen for new orders at 1366 × 768


@dataclass
class Till:
    """The panel with hands to work with, and what it told."""

    bot: QtBot
    card: Card
    panel: PaymentPanel
    ctx: Context
    taken: list[tuple[Tender, ...]] = field(default_factory=list)

    def type(self, text: str) -> None:
        self.panel.focus_amount()
        QTest.keyClicks(self.panel.amount, text)

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.panel.amount, key)

    def click(self, name: str) -> None:
        keys = {f"key_{sign}": key for sign, key in self.panel.pad.keys.items()}
        notes = {f"quick_{number}": note for number, note in enumerate(self.panel.quick.notes)}
        QTest.mouseClick((keys | notes)[name], Qt.MouseButton.LeftButton)

    def rested(self) -> None:
        """Wait until the panel takes the next part: it takes none in the moment after one."""
        self.bot.waitUntil(lambda: not self.panel.hasty)


def configured(**sales: object) -> Config:
    config = Config()
    values = dict(config.values) | {("sales", name): value for name, value in sales.items()}
    return replace(config, values=values)  # type: ignore[arg-type] # a setting's value


@pytest.fixture
def till(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Till]:
    holder = apply_theme(qapp, load_theme("light"))
    store = open_empty(tmp_path)
    config = Config()
    ctx = Context(store, config, FewDoors(config), holder)
    card = Card(padding=14)
    panel = PaymentPanel(ctx)
    card.column.addWidget(panel)
    card.resize(PANEL_WIDE, PANEL_HIGH)
    made = Till(qtbot, card, panel, ctx)
    panel.take_wanted.connect(made.taken.append)
    qtbot.addWidget(card)
    with qtbot.waitExposed(card):
        card.show()
    card.activateWindow()
    panel.put_due(Decimal("6470.00"), "KZT")
    yield made
    ctx.close()
    store.close_thread()
