"""The catalogue calls of the internal API: what is sent, and what each answer means."""

from __future__ import annotations

import json

import pytest

from posapp.remote.api import NoReply, Purpose, Reply, Trouble, Verdict
from posapp.remote.internal_products import (
    Stage,
    import_request,
    progress_request,
    read_answer,
    upsert_request,
)

BODY = '{"internal_id": "p-1", "title": "Чай «Ассам»", "weight": "", "price": "500.00", "deleted": false}'


def reply(content: object, status: int = 200) -> Reply:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Reply(status, {"content-type": "application/json"}, body)


def report(**fields: object) -> Reply:
    return reply({"processing_object": {"id": 7, **fields}})


def test_one_product_and_many_are_posted_with_every_key() -> None:
    one, many = upsert_request(BODY), import_request([BODY, BODY])

    assert (one.method, one.path, one.purpose) == (
        "POST", "internal_api/products/upsert.json", Purpose.PRODUCT,
    )  # fmt: skip
    assert json.loads(one.body or b"") == {"product": json.loads(BODY)}
    assert many.path == "internal_api/products/bulk_import.json"
    assert json.loads(many.body or b"") == {"products": [json.loads(BODY)] * 2}
    ask = progress_request("77")
    assert (ask.method, ask.path, ask.body) == ("GET", "internal_api/processing_status/77.json", None)
    for wrong in ("../orders", "", "7/8", "٧"):
        with pytest.raises(ValueError, match="number"):
            progress_request(wrong)


@pytest.mark.parametrize("stage", ["created", "preprocessed", "processing", "succeeded"])
def test_the_stages_of_an_import(stage: str) -> None:
    outcome = read_answer(report(status=stage, info="Processed: 10; Created: 1"), write=True)

    assert (outcome.verdict, outcome.stage, outcome.batch) == (Verdict.OK, Stage(stage), "7")
    assert outcome.detail == "Processed: 10; Created: 1"


def test_a_refusal_has_the_words_of_the_shop() -> None:
    outcome = read_answer(report(status="failed", errors="price\x1b[31m is\nwrong"), write=True)

    assert (outcome.verdict, outcome.stage) == (Verdict.REFUSED, Stage.FAILED)
    assert outcome.detail == "The shop did not save this: price[31m is wrong"
    assert read_answer(report(status="failed"), write=True).detail == "The shop did not save this."


@pytest.mark.parametrize(
    "answer",
    [
        reply(b""),
        reply(b'{"processing_object": '),
        reply({"processing_object": []}),
        reply({"processing_object": {"id": 7}}),
        report(status="done"),
        report(status=["succeeded"]),
        reply([]),
    ],
)
def test_an_unclear_answer_to_a_write_is_unknown(answer: Reply) -> None:
    assert read_answer(answer, write=True).verdict is Verdict.UNKNOWN
    assert read_answer(answer, write=False).verdict is Verdict.UNREADABLE


@pytest.mark.parametrize("number", [None, 1.5, "../x", {"a": 1}, "x" * 65])
def test_a_number_that_cannot_be_asked_for(number: object) -> None:
    outcome = read_answer(reply({"processing_object": {"id": number, "status": "preprocessed"}}), write=True)

    assert (outcome.verdict, outcome.batch) == (Verdict.OK, "")


def test_the_classes_that_all_calls_share() -> None:
    verdicts = {
        read_answer(answer, write=True).verdict
        for answer in (
            reply({}, 401), reply({}, 403), reply({}, 404), reply({}, 422), reply({}, 500),
            reply(b"<html>", 200), reply({}, 429), NoReply(Trouble.NOT_SENT, "x"),
        )
    }  # fmt: skip
    assert verdicts == {
        Verdict.SIGN_IN, Verdict.FORBIDDEN, Verdict.GONE, Verdict.REFUSED, Verdict.UNKNOWN, Verdict.PORTAL,
        Verdict.THROTTLED, Verdict.NOT_SENT,
    }  # fmt: skip
