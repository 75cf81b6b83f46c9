"""The catalogue of the faulty shop: what it takes, strictly, and how it works on imports."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.support.faulty_records import PROGRESS, Answer, as_error, as_json

_KEYS = {"internal_id": str, "title": str, "weight": str, "price": str, "deleted": bool}


class ProductShelf:
    """What the shop has; `looks` is how often an import has to be asked for before it is done."""

    def __init__(self) -> None:
        self.products: dict[str, dict[str, Any]] = {}
        self.stored: list[str] = []  # the ids in the order of storing
        self.looks = 2
        self.refuse: Callable[[str], str | None] = lambda _internal_id: None
        self.forgets_imports = False
        self._imports: dict[str, tuple[list[dict[str, Any]], int]] = {}
        self._number = 100

    def answer(self, call: str, path: str, body: bytes) -> Answer:
        """Answer one call of the catalogue."""
        if call == "progress":
            return self._progress(path.removeprefix(PROGRESS).removesuffix(".json"))
        try:
            content = json.loads(body.decode())
        except ValueError:
            return as_error(400, "the body is not JSON")
        if call == "upsert":
            return self._upsert(content)
        return self._import(content)

    def _report(self, number: str | None = None, **fields: str) -> Answer:
        if number is None:
            self._number += 1
            number = str(self._number)
        return as_json({"processing_object": {"id": int(number), **fields}})

    def _problem(self, product: object) -> str:
        if not isinstance(product, dict) or set(product) != set(_KEYS):
            return "every key has to be there, and no other"
        wrong = [name for name, kind in _KEYS.items() if not isinstance(product[name], kind)]
        if wrong:
            return f"{wrong[0]} is of a wrong kind"
        return self.refuse(product["internal_id"]) or ""

    def _upsert(self, content: Any) -> Answer:
        product = content.get("product") if isinstance(content, dict) else None
        problem = self._problem(product)
        if problem:
            return self._report(status="failed", errors=problem)
        assert isinstance(product, dict)
        known = product["internal_id"] in self.products
        self._store(product)
        return self._report(status="succeeded", info="Updated: 1" if known else "Created: 1")

    def _import(self, content: Any) -> Answer:
        products = content.get("products") if isinstance(content, dict) else None
        if not isinstance(products, list) or not products:
            return self._report(status="failed", errors="products has to be a list")
        self._number += 1
        number = str(self._number)
        self._imports[number] = (products, self.looks)
        return self._report(number, status="preprocessed")

    def _progress(self, number: str) -> Answer:
        if self.forgets_imports or number not in self._imports:
            return as_error(404, "not found")
        products, looks = self._imports[number]
        if looks > 0:
            self._imports[number] = (products, looks - 1)
            return self._report(number, status="processing")
        problems = [problem for product in products if (problem := self._problem(product))]
        if problems:
            return self._report(number, status="failed", errors=problems[0])
        for product in products:
            self._store(product)
        return self._report(number, status="succeeded", info=f"Processed: {len(products)}; Created: 0")

    def _store(self, product: dict[str, Any]) -> None:
        self.products[product["internal_id"]] = product
        self.stored.append(product["internal_id"])
