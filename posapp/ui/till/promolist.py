"""The promos that are given today, as the counter offers them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from posapp.domain.promo import Promo
from posapp.storage.feed import Change, Topic
from posapp.storage.promos import promos
from posapp.ui.context import Context
from posapp.ui.till.words import discount_value, say
from posapp.ui.widgets.buttons import secondary_button
from posapp.ui.widgets.flowlayout import FlowLayout

MOST_SHOWN = 8  # more are found by their names


class PromoList(QObject):
    """Keeps the list as the settings have it."""

    def __init__(self, ctx: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._ctx = ctx
        self._all: tuple[Promo, ...] = ()
        ctx.feed.changed.connect(self._heard)
        self._read()

    @property
    def today(self) -> tuple[Promo, ...]:
        """Return those of today."""
        today = self._ctx.clock().astimezone(self._ctx.zone).date()
        return tuple(one for one in self._all if one.runs(today))

    def _heard(self, change: Change) -> None:
        if Topic.CATALOGUE in change.topics or change.foreign:
            self._read()

    def _read(self) -> None:
        store = self._ctx.store
        self._ctx.tasks.run(lambda: promos(store), self._put, owner=self)

    def _put(self, found: tuple[Promo, ...]) -> None:
        self._all = found


def promo_buttons(found: Sequence[Promo], currency: str, give: Callable[[Promo], object]) -> QWidget:
    """Return a button for each promo: one click gives it."""
    box = QWidget()
    row = FlowLayout(box, spacing=6)
    for one in found[:MOST_SHOWN]:
        words = f"{one.name} · −{discount_value(one.discount, currency)}"
        button = secondary_button(words, icon="tag-fill")
        button.setObjectName(f"promo_{one.name}")
        button.setAccessibleName(say("Give the promo %1").replace("%1", words))
        button.clicked.connect(lambda _=False, one=one: give(one))
        row.addWidget(button)
    return box
