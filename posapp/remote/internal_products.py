"""The catalogue calls of the internal API: requests and answers, without any I/O."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from posapp.remote.api import Answer, Outcome, Purpose, Reply, Request, Verdict
from posapp.remote.classify import clean_words, http_outcome, server_time, words_in
from posapp.remote.jsonguard import BadJson, decode_strict

MOST_TOGETHER = 500  # products of one import
_ANSWER_LIMIT = 200_000
_BATCH = re.compile(r"[A-Za-z0-9-]{1,64}\Z", re.ASCII)


class Stage(StrEnum):
    """How far the shop is with what it got; "" where its answer does not say."""

    NONE = ""
    CREATED = "created"
    PREPROCESSED = "preprocessed"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ProductOutcome:
    """What an answer means; OK only with a stage. `batch` is the number to ask for its progress under."""

    verdict: Verdict
    stage: Stage = Stage.NONE
    detail: str = ""
    batch: str = ""
    retry_after: float | None = None
    server_time: datetime | None = None


def upsert_request(body: str) -> Request:
    """Store one product; `body` is its JSON text."""
    content = f'{{"product": {body}}}'.encode()
    return _write("internal_api/products/upsert.json", content)


def import_request(bodies: Sequence[str]) -> Request:
    """Store many products; the shop works on them after its answer."""
    content = f'{{"products": [{", ".join(bodies)}]}}'.encode()
    return _write("internal_api/products/bulk_import.json", content)


def progress_request(batch: str) -> Request:
    """Ask how far the shop is with an import."""
    if not _BATCH.match(batch):
        raise ValueError("this is not the number of an import")
    path = f"internal_api/processing_status/{batch}.json"
    return Request("GET", path, Purpose.PRODUCT, limit=_ANSWER_LIMIT)


def _write(path: str, content: bytes) -> Request:
    json.loads(content)  # what is no JSON must not leave
    return Request("POST", path, Purpose.PRODUCT, body=content, limit=_ANSWER_LIMIT)


def read_answer(answer: Answer, *, write: bool) -> ProductOutcome:
    """Decode the processing object that answers each of these calls."""
    reply = http_outcome(answer, write=write)
    if isinstance(reply, Outcome):
        return ProductOutcome(
            reply.verdict, detail=reply.detail, retry_after=reply.retry_after, server_time=reply.server_time
        )
    unclear = Verdict.UNKNOWN if write else Verdict.UNREADABLE
    try:
        content = decode_strict(reply.body)
    except BadJson as trouble:
        return _said(reply, unclear, f"The answer cannot be read: {trouble}")
    report = content.get("processing_object") if isinstance(content, dict) else None
    stage = _stage(report.get("status")) if isinstance(report, dict) else Stage.NONE
    if not isinstance(report, dict) or stage is Stage.NONE:
        return _said(reply, unclear, "The answer does not say what became of the products.")
    number = report.get("id")
    batch = str(number) if isinstance(number, int | str) and _BATCH.match(str(number)) else ""
    if stage is Stage.FAILED:
        words, _ = words_in({"errors": report.get("errors")})
        detail = f"The shop did not save this: {words}" if words else "The shop did not save this."
        return ProductOutcome(Verdict.REFUSED, stage, detail, batch, server_time=server_time(reply))
    info = report.get("info")
    detail = clean_words(info) if isinstance(info, str) else ""
    return ProductOutcome(Verdict.OK, stage, detail, batch, server_time=server_time(reply))


def _stage(word: object) -> Stage:
    try:
        return Stage(word) if isinstance(word, str) else Stage.NONE
    except ValueError:
        return Stage.NONE


def _said(reply: Reply, verdict: Verdict, detail: str) -> ProductOutcome:
    return ProductOutcome(verdict, detail=detail, server_time=server_time(reply))
