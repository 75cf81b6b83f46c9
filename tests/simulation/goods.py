"""The shop's catalogue, as the documents of the internal API describe it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.simulation.mix import SECOND

REFUSED_TITLE = "no such dish"
LONGEST = 12 * SECOND  # that the shop works on what it took in
_KEYS = {"internal_id", "title", "weight", "price", "deleted"}
_CALLS = "internal_api/products/"
_STATUS = "internal_api/processing_status/"


@dataclass(slots=True)
class Batch:
    """What the shop took in and works on."""

    number: int
    products: list[dict[str, Any]]
    taken_at: int
    due: int
    fails: str = ""
    done: bool = False


class Goods:
    """The products of a shop."""

    def __init__(self, rng: Random, *, slow: bool) -> None:
        self.products: dict[str, dict[str, Any]] = {}
        self.batches: dict[int, Batch] = {}
        self.stored: list[tuple[str, str]] = []  # (id, body) of what was ever stored, in order
        self._rng = rng
        self._slow = slow
        self._number = 100

    def handle(
        self, path: str, body: bytes, at: int, refusal: Callable[[], str]
    ) -> tuple[dict[str, Any], int]:
        """Answer one request."""
        self.work(at)
        name = path.removesuffix(".json")
        if name.startswith(_STATUS):
            number = name.removeprefix(_STATUS)
            batch = self.batches.get(int(number)) if number.isdigit() else None
            return ({"error": "not found"}, 404) if batch is None else (self._report(batch, at), 200)
        content = json.loads(body)
        single = name == f"{_CALLS}upsert"
        items = [content["product"]] if single else content["products"]
        wrong = next((item for item in items if REFUSED_TITLE in item["title"] or item.keys() != _KEYS), None)
        self._number += 1
        if wrong is not None and (single or self._rng.random() < 0.5):
            return self._failed(self._number, refusal()), 200
        if single and not self._slow:
            self._store(items[0])
            return {
                "processing_object": {"id": self._number, "status": "succeeded", "info": "Updated: 1"}
            }, 200
        due = at + int(self._rng.uniform(0.2, 1.0) * LONGEST)
        batch = Batch(self._number, items, at, due, refusal() if wrong is not None else "")
        self.batches[batch.number] = batch
        word = self._rng.choice(("created", "preprocessed"))
        return {"processing_object": {"id": batch.number, "status": word}}, 200

    def work(self, at: int) -> None:
        """Do what is due by now, in the order in which it is."""
        waiting = [one for one in self.batches.values() if not one.done and one.due <= at]
        for batch in sorted(waiting, key=lambda one: one.due):
            batch.done = True
            if not batch.fails:
                for item in batch.products:
                    self._store(item)

    def is_busy(self, at: int) -> bool:
        """Tell whether something is being worked on."""
        self.work(at)
        return any(not batch.done for batch in self.batches.values())

    def _store(self, item: dict[str, Any]) -> None:
        self.products[item["internal_id"]] = item
        self.stored.append((item["internal_id"], json.dumps(item, ensure_ascii=False)))

    def _report(self, batch: Batch, at: int) -> dict[str, Any]:
        if batch.done:
            if batch.fails:
                return self._failed(batch.number, batch.fails)
            told = {"status": "succeeded", "info": f"Processed: {len(batch.products)}"}
            return {"processing_object": {"id": batch.number, **told}}
        half = at - batch.taken_at > (batch.due - batch.taken_at) // 2
        return {"processing_object": {"id": batch.number, "status": "processing" if half else "preprocessed"}}

    def _failed(self, number: int, words: str) -> dict[str, Any]:
        return {"processing_object": {"id": number, "status": "failed", "errors": words}}
