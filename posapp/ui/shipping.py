"""What staff shops usually ask for a delivery, at hand for the editor without asking the database."""

from __future__ import annotations

from PySide6.QtCore import QObject

from posapp.domain.rules import from_column, rules_of
from posapp.storage.feed import Change, Topic
from posapp.storage.shopinfo import CostTable, cost_tables
from posapp.ui.context import Context

_UNITS = {"NPR": "Nrs.", "USD": "$"}  # as this API writes them
_RULE = rules_of("staff")["shipping_cost"]


class UsualShipping(QObject):
    """Reads the prices in the jobs' thread whenever they change, and answers from memory."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self._ctx = ctx
        self._tables: dict[str, CostTable] = {}
        ctx.usual_shipping = self.ask
        ctx.feed.changed.connect(self._heard)
        self._read()

    def ask(self, remote: str, district: str, delivery_class: str) -> str | None:
        """Return the canonical amount of a delivery, None where the shop never said it."""
        table = self._tables.get(remote)
        if table is None or not delivery_class.isdecimal():
            return None
        currency = next((shop.currency for shop in self._ctx.config.remotes if shop.name == remote), "")
        cost = table.shipping_cost(district, int(delivery_class), _UNITS.get(currency, currency))
        return None if cost is None else from_column(_RULE, cost)

    def _heard(self, change: Change) -> None:
        if Topic.CATALOGUE in change.topics or change.foreign:
            self._read()

    def _read(self) -> None:
        store = self._ctx.store
        self._ctx.tasks.run(lambda: cost_tables(store), self._put, owner=self)

    def _put(self, tables: dict[str, CostTable]) -> None:
        self._tables = tables
