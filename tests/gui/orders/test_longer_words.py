"""Other languages need more room: with every text a third longer nothing is cut off."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posapp.config import Config
from posapp.domain.status import RowState, Status
from posapp.services import remotes
from posapp.storage.queries import alarm
from posapp.ui.context import Context
from posapp.ui.screens.orders import OrdersPage
from posapp.ui.theme import apply_theme, load_theme
from tests.gui.orders.scene import SHOP, FewDoors, Morning, ask_a_person, unreadable
from tests.support.clipping import find_clipped


class Longer(QTranslator):
    """Makes each text of ours longer by 35 %."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, comment: str | None = None, n: int = -1) -> str:
        if context.startswith("Q"):
            return ""
        more = max(1, round(len(text) * 0.35))
        return text.replace("%n", str(n)) + (" " + "äöü" * (more // 3) if " " in text else "ä" * more)


def shows(page: OrdersPage, pk: int) -> bool:
    return page._panel.detail is not None and page._panel.detail.row.pk == pk


def fits(page: OrdersPage, guest: str) -> None:
    """Fail as long as something is cut off; a busy machine lays out a moment later."""
    assert find_clipped(page) == [], guest


@pytest.fixture
def longer(qapp: QApplication) -> Iterator[Longer]:
    made = Longer()
    qapp.installTranslator(made)
    yield made
    qapp.removeTranslator(made)


@pytest.mark.parametrize("size", [(1282, 712), (1196, 664)])
def test_nothing_is_cut_off_with_longer_words(
    qtbot: QtBot, qapp: QApplication, scene: Morning, longer: Longer, size: tuple[int, int]
) -> None:
    holder = apply_theme(qapp, load_theme("dark"))
    config = Config(remotes=(SHOP,))
    ask_a_person(scene.store, scene.by_name["olga"], RowState.CONFLICT, Status.CANCELLED, "Two changes.")
    remotes.note_trouble(scene.store, "alma", "no_answer", "")
    unreadable(scene.store)
    ctx = Context(scene.store, config, FewDoors(config), holder)
    page = OrdersPage(ctx)
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    page.shown()
    page.show_alarm(alarm(scene.store), scene.clock(), silenced=False)
    page._head.filters_button.click()
    for guest, pk in scene.by_name.items():
        page.select_order(pk, by_person=False)
        qtbot.waitUntil(partial(shows, page, pk))
        qtbot.waitUntil(partial(fits, page, guest))
    page.hidden()
    ctx.close()
