"""The right side of the Sync Center: the desk, facts of an entry or a shop, the ledger, or calm."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QWidget

from posapp.domain.errors import PosError
from posapp.services.conflict_case import ConflictCase
from posapp.storage.sync_center import ShopFigures, SyncState
from posapp.ui.context import Context
from posapp.ui.sync_center.custody import CustodyPanel
from posapp.ui.sync_center.desk import ConflictDesk
from posapp.ui.sync_center.entries import Entry, Kind
from posapp.ui.sync_center.facts import facts_of, shop_facts
from posapp.ui.sync_center.factspanel import FactsPanel
from posapp.ui.sync_center.rest import rest_words
from posapp.ui.sync_words import ShopState
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.emptystate import EmptyState

CUSTODY = "custody"


class RightSide(Card):
    """`other` is what is shown instead of the chosen row: CUSTODY, or "shop:" and a name."""

    def __init__(self, ctx: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=0, spacing=0)
        self.column.setContentsMargins(1, 1, 1, 1)
        self._ctx = ctx
        self.other = ""
        self.remark: Callable[[], str] = str  # what else is to be known where nothing needs a person
        self.desk, self.facts, self.custody = ConflictDesk(ctx.clock), FactsPanel(), CustodyPanel(ctx)
        self.empty = EmptyState("cloud-check-fill", "", "", tone="ok")
        self.empty.setObjectName("syncEmpty")
        self.stack = QStackedWidget()
        for widget in (self.empty, self.desk, self.facts, self.custody):
            self.stack.addWidget(widget)
        self.column.addWidget(self.stack)

    @property
    def on_desk(self) -> bool:
        """Tell whether a conflict is shown."""
        return self.stack.currentWidget() is self.desk

    @property
    def on_facts(self) -> bool:
        """Tell whether an entry or a shop is shown."""
        return self.stack.currentWidget() is self.facts

    def show_moment(
        self, state: SyncState, shops: tuple[ShopState, ...], entry: Entry | None, case: ConflictCase | None
    ) -> None:
        """Show what belongs to the chosen row, or what is shown instead of it."""
        now, zone = self._ctx.clock(), self._ctx.zone
        shop = next((shop for shop in shops if self.other == f"shop:{shop.name}"), None)
        if shop is None and entry is not None and isinstance(entry.content, ShopState):
            shop = entry.content
        if self.other == CUSTODY:
            self.stack.setCurrentWidget(self.custody)
        elif shop is not None:
            self.facts.show_facts(shop_facts(shop, state.shops.get(shop.name, ShopFigures()), now, zone))
            self.stack.setCurrentWidget(self.facts)
        elif entry is None:
            icon, title, sentence, tone = rest_words(state, shops, now, zone)
            told = "\n".join(part for part in (sentence, self.remark()) if part)
            self.empty.show_words(icon, title, told, tone)
            self.stack.setCurrentWidget(self.empty)
        elif entry.kind is not Kind.CONFLICT:
            self.facts.show_facts(facts_of(entry, now, zone))
            self.stack.setCurrentWidget(self.facts)
        elif case is not None and entry.key == f"order:{case.pk}":
            self.desk.show_case(case, zone)
            self.stack.setCurrentWidget(self.desk)

    def show_error(self, error: PosError) -> None:
        """Say why nothing can be shown."""
        text = " ".join(part for part in (error.detail, error.remedy) if part)
        self.empty.show_words("warning-octagon-fill", error.title, text, "danger")
        self.stack.setCurrentWidget(self.empty)
