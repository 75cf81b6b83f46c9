"""The failure table of an HTTP answer: what each event means, for a read and for a write."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.text import clean_line
from posapp.remote.api import Answer, NoReply, Outcome, Push, Reply, Trouble, Verdict
from posapp.remote.classify import http_outcome
from tests.unit.remote.samples import FORMAT, ID, SHOP, answer

V = Verdict
READS: tuple[Callable[[Answer], Outcome], ...] = (
    lambda answer: FORMAT.read_list(answer, SHOP),
    lambda answer: FORMAT.read_order(answer, SHOP, ID),
    FORMAT.read_health,
)


def write(answer: Answer) -> Outcome:
    return FORMAT.read_update(answer, Push(status="accepted"))


HTML = b"<!DOCTYPE html><html><body>Welcome to the airport</body></html>"
TABLE: list[tuple[Answer, Verdict, Verdict]] = [
    # the answer, what it means for a read, what it means for a write
    (NoReply(Trouble.NOT_SENT, "x."), V.NOT_SENT, V.NOT_SENT),
    (NoReply(Trouble.UNKNOWN, "x."), V.UNKNOWN, V.UNKNOWN),
    (NoReply(Trouble.CERTIFICATE, "x."), V.CERTIFICATE, V.CERTIFICATE),
    (NoReply(Trouble.TOO_LARGE, "x."), V.UNREADABLE, V.UNKNOWN),
    *((answer(b"", status), V.PORTAL, V.PORTAL) for status in (300, 301, 302, 303, 304, 307, 308, 407, 511)),
    (answer(HTML, content_type="text/html"), V.PORTAL, V.PORTAL),
    (answer(HTML), V.PORTAL, V.PORTAL),
    (answer(b"\xef\xbb\xbf \n<html>"), V.PORTAL, V.PORTAL),
    (answer(b"Welcome", content_type="text/html; charset=utf-8"), V.PORTAL, V.PORTAL),
    (answer(b"<?xml version='1.0'?><error/>"), V.PORTAL, V.PORTAL),
    (answer(b""), V.UNREADABLE, V.UNKNOWN),
    (answer(b"", content_type="text/html"), V.UNREADABLE, V.UNKNOWN),
    (answer(b"", 204), V.UNREADABLE, V.UNKNOWN),
    (answer(b'{"orders": ['), V.UNREADABLE, V.UNKNOWN),
    (answer({}, 400), V.REFUSED, V.REFUSED),
    (answer({}, 422), V.REFUSED, V.REFUSED),
    (answer({}, 409), V.REFUSED, V.REFUSED),
    (answer({}, 405), V.REFUSED, V.REFUSED),
    (answer({}, 401), V.SIGN_IN, V.SIGN_IN),
    (answer({}, 403), V.FORBIDDEN, V.FORBIDDEN),
    (answer({}, 404), V.GONE, V.GONE),
    (answer(HTML, 404, content_type="text/html"), V.GONE, V.GONE),
    (answer({}, 410), V.GONE, V.GONE),
    (answer({}, 408), V.UNKNOWN, V.UNKNOWN),
    (answer({}, 429), V.THROTTLED, V.THROTTLED),
    (answer({}, 429, retry_after="7"), V.THROTTLED, V.THROTTLED),
    (answer({}, 503, retry_after="7"), V.THROTTLED, V.THROTTLED),
    *((answer({}, status), V.UNKNOWN, V.UNKNOWN) for status in (500, 502, 503, 504, 501, 520, 599)),
    (answer({}, 500, retry_after="7"), V.UNKNOWN, V.UNKNOWN),
    (answer({"processing_object": {"status": "succeeded"}}, 500), V.UNKNOWN, V.UNKNOWN),
    (answer({"processing_object": {"status": "succeeded"}}, 302), V.PORTAL, V.PORTAL),
]


@pytest.mark.parametrize(("reply", "for_read", "for_write"), TABLE, ids=lambda part: repr(part)[:60])
def test_the_failure_table(reply: Answer, for_read: Verdict, for_write: Verdict) -> None:
    for read in READS:
        outcome = read(reply)
        assert outcome.verdict is for_read
        assert outcome.detail.endswith(".")
        assert (outcome.orders, outcome.order) == ((), None)
    outcome = write(reply)
    assert (outcome.verdict, outcome.verified) == (for_write, False)
    assert outcome.detail.endswith(".")


def test_json_under_the_name_of_html_is_read() -> None:
    assert FORMAT.read_list(answer({"orders": []}, content_type="text/html"), SHOP).verdict is V.OK


# ------------------------------------------------------------------------------- how long to wait

NOW = "Sat, 05 Mar 2022 11:50:00 GMT"


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("7", 7),
        (" 30 ", 30),
        ("0", 1),
        ("999999", 900),
        ("9" * 400, 900),
        ("Sat, 05 Mar 2022 11:50:42 GMT", 42),
        ("Sat, 05 Mar 2022 11:40:00 GMT", 1),
        ("Sun, 06 Mar 2022 11:40:00 GMT", 900),
        ("Sat, 05 Mar 2022 17:50:42 +0600", 42),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_the_remote_says_how_long_to_wait(asked: str, seconds: float, status: int) -> None:
    outcome = write(answer({}, status, retry_after=asked, date=NOW))
    assert (outcome.verdict, outcome.retry_after) == (V.THROTTLED, seconds)


@pytest.mark.parametrize("asked", ["", "soon", "-5", "1.5", "٧", "Sat, 99 Mar 2022 11:50:42 GMT", "\0"])
def test_a_wait_that_makes_no_sense_is_the_usual_one(asked: str) -> None:
    assert write(answer({}, 429, retry_after=asked, date=NOW)).retry_after == 5
    assert write(answer({}, 503, retry_after=asked, date=NOW)).verdict is V.UNKNOWN


def test_a_date_without_the_remotes_clock_is_the_usual_wait() -> None:
    assert write(answer({}, 503, retry_after=NOW)).retry_after == 5


# ------------------------------------------------------------------------------- the remote's own words


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": "Invalid key"}, "Invalid key"),
        ({"errors": ["First", "Second"]}, "First; Second"),
        ({"detail": "Not allowed"}, "Not allowed"),
        ({"error": {"message": "Too late", "code": 7}}, "Too late"),
        ({"processing_object": {"id": 1, "status": "failed", "errors": "No such status"}}, "No such status"),
        ("plain text in JSON", "plain text in JSON"),
        (["one", "two"], "one; two"),
        ({"status": ["“x” is not a valid choice."]}, "status: “x” is not a valid choice."),
        ({"status": "error", "code": "E7", "id": "9"}, ""),
        ({"phone": ["Too short."]}, "phone: Too short."),
        (b"not JSON", ""),
        (HTML, ""),
        (b"[" * 100_000, ""),
        (b'{"error": NaN}', ""),
        (None, ""),
        (5, ""),
        ([[["deep"]]], "deep"),
    ],
)
def test_the_remotes_words_are_passed_on(body: object, words: str) -> None:
    outcome = write(answer(body, 422))
    assert outcome.detail == "The remote refused this (422)." + (f" It says: {words}" if words else "")


def test_plain_text_is_words_too() -> None:
    outcome = write(answer(b"Status is not allowed\n", 422, content_type="text/plain; charset=utf-8"))
    assert outcome.detail == "The remote refused this (422). It says: Status is not allowed"


def test_messages_by_field_reach_their_fields() -> None:
    body = {
        "phone": ["Too short.", "Not a number."],
        "customer": {"email": ["Not an e-mail."]},
        "non_field_errors": ["Nothing fits."],
        "code": 12,
    }
    outcome = write(answer(body, 400))
    assert outcome.fields == {"phone": "Too short. Not a number.", "customer.email": "Not an e-mail."}
    assert outcome.detail.endswith("It says: Nothing fits.")
    nested = write(answer({"errors": {"city": ["Unknown."]}}, 422))
    assert nested.fields == {"city": "Unknown."}
    assert "city: Unknown." in nested.detail


def test_a_strangers_words_are_one_short_harmless_line() -> None:
    body = {"error": "a\u202eb\0\n\x1b[31m" + "x" * 5_000, "\u202efield\n": ["y" * 5_000]}
    outcome = write(answer(body, 400))
    assert "a b" not in outcome.detail
    assert "ab [31mxxx" in outcome.detail
    assert len(outcome.detail) < 350
    assert list(outcome.fields) == ["field"]
    assert all(len(words) <= 300 for words in outcome.fields.values())


@given(
    st.integers(100, 999),
    st.binary(max_size=40) | st.sampled_from([b"{}", b"[]", b'{"orders": []}', HTML]),
    st.dictionaries(
        st.sampled_from(["retry-after", "date", "content-type", "location"]), st.text(max_size=30), max_size=4
    ),
)
def test_any_answer_has_a_meaning(status: int, body: bytes, headers: dict[str, str]) -> None:
    reply = Reply(status, headers, body)
    outcomes = [*(read(reply) for read in READS), write(reply)]
    assert all(clean_line(outcome.detail) == outcome.detail for outcome in outcomes)
    assert outcomes[-1].verdict is not V.OK
    for outcome in outcomes:
        assert outcome.retry_after is None or 1 <= outcome.retry_after <= 900
    passed_on = http_outcome(reply, write=True)
    assert isinstance(passed_on, Outcome) or (passed_on is reply and 200 <= status < 300)
