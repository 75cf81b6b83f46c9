"""Every event that the services write has its sentence."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import posapp.services
from posapp.cli.wording import event_sentence
from posapp.storage.rows import EventRow

SOURCES = Path(posapp.services.__file__).parent
KINDS = {
    kind
    for path in SOURCES.glob("*.py")
    for kind in re.findall(r"\.event(?:s\(|\(\s*[\w.]+,)\s*\"(\w+)\"", path.read_text("utf-8"))
}
PARAMS = {
    "file": "sales.csv",
    "remote": "alma", "status": "created", "source": "web", "fields": "phone", "from": "created",
    "to": "accepted", "at": "2026-03-05T12:00:00+00:00", "seconds": "5", "choice": "mine", "reason": "late",
    "total": "9.00", "currency": "KZT", "amount": "9.00", "method": "cash", "lines": "2", "number": "3",
    "float": "10", "way": "in", "difference": "0", "name": "Tea", "new": "1", "changed": "2", "count": "4",
    "quantity": "2", "due": "2026-03-05T12:00:00+00:00", "title": "Tea", "how": "answered",
    "detail": "No.", "role": "cook", "before": "Anna", "failures": "2", "right": "cancel", "for": "anna",
    "ours": "cooking", "theirs": "cancelled", "courier": "Dana", "kind": "kitchen", "printer": "bar",
    "left": "1", "what": "counters", "by": "anna",
}  # fmt: skip


def event(kind: str, /, **params: str) -> EventRow:
    return EventRow(datetime(2026, 3, 5, tzinfo=UTC), kind, "anna", "bar", params)


def test_the_services_were_read() -> None:
    assert {"received", "moved", "undone", "conflict", "gone", "resolved"} <= KINDS


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_event_has_a_sentence(kind: str) -> None:
    sentence = event_sentence(event(kind, **PARAMS))

    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "?" not in sentence
    assert not sentence.startswith(f"{kind}:")


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_event_that_lacks_its_details_is_no_failure(kind: str) -> None:
    assert event_sentence(event(kind))


def test_remote_texts_are_no_templates() -> None:
    assert "{to}" in event_sentence(event("refused", detail="{to} {0} %s"))


def test_an_unknown_event_is_shown_by_its_word() -> None:
    assert event_sentence(event("printed", copies="2")) == "printed: copies: 2."
    assert event_sentence(event("printed")) == "printed."


def test_one_second_is_one_and_a_decision_names_its_fields() -> None:
    assert event_sentence(event("noticed", seconds="1")) == "Noticed after 1 second."
    assert event_sentence(event("noticed", seconds="2")) == "Noticed after 2 seconds."
    decided = event("resolved", choice="fields", mine="phone", theirs="city, street")
    assert event_sentence(decided) == "Decided: ours of phone; the shop's of city, street."
