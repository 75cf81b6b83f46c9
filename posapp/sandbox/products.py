"""The catalogue of the training shop: what it was sent, and imports that take a moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
KEYS = frozenset({"internal_id", "title", "weight", "price", "deleted"})
FIRST_NUMBER = 500_000  # apart from those of the orders


@dataclass(slots=True)
class Shelf:
    """The products, and the imports by their numbers: first they are processed, then they are done."""

    products: dict[str, Json] = field(default_factory=dict)
    _imports: dict[str, list[Json]] = field(default_factory=dict)
    _waiting: set[str] = field(default_factory=set)
    _number: int = FIRST_NUMBER

    def upsert(self, content: object) -> Json:
        """Store one product; return the processing object."""
        product = content.get("product") if isinstance(content, dict) else None
        if not isinstance(product, dict) or not _is_product(product):
            return self._report(status="failed", errors="A product has " + ", ".join(sorted(KEYS)))
        known = product["internal_id"] in self.products
        self.products[product["internal_id"]] = product
        return self._report(status="succeeded", info="Updated: 1" if known else "Created: 1")

    def take_import(self, content: object) -> Json:
        """Take many products in, to be stored when somebody asks for the second time."""
        products = content.get("products") if isinstance(content, dict) else None
        if not isinstance(products, list) or not all(map(_is_product, products)):
            return self._report(status="failed", errors="A product has " + ", ".join(sorted(KEYS)))
        report = self._report(status="preprocessed")
        self._imports[str(self._number)] = products
        self._waiting.add(str(self._number))
        return report

    def progress(self, number: str) -> Json | None:
        """Return how far an import is, None for one that is not known."""
        if number not in self._imports:
            return None
        if number in self._waiting:
            self._waiting.discard(number)
            return {"processing_object": {"id": int(number), "status": "processing"}}
        products = self._imports[number]
        self.products.update((item["internal_id"], item) for item in products)
        info = f"Processed: {len(products)}"
        return {"processing_object": {"id": int(number), "status": "succeeded", "info": info}}

    def _report(self, **fields: str) -> Json:
        self._number += 1
        return {"processing_object": {"id": self._number, **fields}}


def _is_product(item: object) -> bool:
    return isinstance(item, dict) and item.keys() == KEYS and bool(item["internal_id"])
