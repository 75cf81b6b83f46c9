"""The dishes on show, as Qt's model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from posapp.domain.catalogue import Category, Product
from posapp.ui.moneytext import money_text
from posapp.ui.widgets.tooltip import plain_tooltip

_LONG = 26  # longer names may not fit on their tile
Index = QModelIndex | QPersistentModelIndex


class Shelf(QAbstractListModel):
    """The dishes on show, and how many of each are in the cart."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.products: tuple[Product, ...] = ()
        self.groups: Mapping[str, Category] = {}
        self.counts: Mapping[str, int] = {}
        self.currency = ""
        self.now: datetime | None = None

    def put(self, products: Sequence[Product]) -> None:
        """Show these."""
        self.beginResetModel()
        self.products = tuple(products)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.products)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.products):
            return None
        product = self.products[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return product
        if role == Qt.ItemDataRole.DisplayRole:
            return product.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(product.title) if len(product.title) > _LONG else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(product)
        return None

    def sold_out(self, product: Product) -> bool:
        """Tell whether a dish is sold out."""
        return self.now is not None and product.sold_out(self.now)

    def price(self, product: Product) -> str:
        """Return the price in words."""
        return money_text(f"{product.price:f}", self.currency)

    def spoken(self, product: Product) -> str:
        """Return all that a tile says."""
        count = self.counts.get(product.internal_id, 0)
        parts = (
            product.title,
            product.weight,
            self.price(product),
            self.tr("Sold out") if self.sold_out(product) else "",
            self.tr("%1 in the cart").replace("%1", str(count)) if count else "",
        )
        return ", ".join(part for part in parts if part)
