"""The catalogue of the training shop."""

from __future__ import annotations

from typing import Any

import pytest

from posapp.sandbox.products import Shelf

TEA = {"internal_id": "t", "title": "Чай", "weight": "", "price": "500.00", "deleted": False}


def report(answer: dict[str, Any] | None) -> dict[str, Any]:
    assert answer is not None
    found: dict[str, Any] = answer["processing_object"]
    return found


def test_one_product_is_stored_at_once() -> None:
    shelf = Shelf()

    assert report(shelf.upsert({"product": TEA}))["info"] == "Created: 1"
    assert report(shelf.upsert({"product": TEA | {"price": "1.00"}}))["info"] == "Updated: 1"
    assert shelf.products["t"]["price"] == "1.00"


def test_an_import_takes_a_moment() -> None:
    shelf = Shelf()
    taken = report(shelf.take_import({"products": [TEA]}))
    assert (taken["status"], shelf.products) == ("preprocessed", {})
    number = str(taken["id"])

    assert report(shelf.progress(number))["status"] == "processing"
    assert report(shelf.progress(number))["status"] == "succeeded"
    assert shelf.products == {"t": TEA}
    assert shelf.progress("7") is None


@pytest.mark.parametrize("content", [None, {}, {"product": []}, {"product": {"internal_id": "t"}}])
def test_what_is_no_product_is_refused(content: object) -> None:
    shelf = Shelf()

    assert report(shelf.upsert(content))["status"] == "failed"
    assert report(shelf.take_import(content))["status"] == "failed"
    assert report(shelf.take_import({"products": [{"internal_id": "t"}]}))["status"] == "failed"
