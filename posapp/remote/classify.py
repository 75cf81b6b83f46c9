"""What an answer means as far as HTTP alone can tell: the part of the failure table that formats share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from http import HTTPStatus

from posapp.domain.text import clean_line
from posapp.remote.api import Answer, NoReply, Outcome, Reply, Trouble, Verdict
from posapp.remote.jsonguard import BadJson, decode_strict

DEFAULT_PAUSE = 5.0
MIN_PAUSE, MAX_PAUSE = 1.0, 900.0
_WORDS_LIMIT = 300
_FIELDS_LIMIT = 30
_ROWS_LIMIT = 1_000
_BODY_LIMIT = 200_000
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*[\[{]")
# The keys under which servers put the one sentence that says what is wrong.
_SENTENCE_KEYS = ("errors", "error", "detail", "message", "non_field_errors")
_PLAIN_KEYS = ("id", "status", "code")


def http_outcome(answer: Answer, *, write: bool) -> Outcome | Reply:
    """Return what the answer means, or the answer itself: a success whose body is the format's to read."""
    if isinstance(answer, NoReply):
        return _no_reply(answer, write=write)
    time = server_time(answer)
    status = answer.status
    if 200 <= status < 300:
        if not is_html(answer):
            return answer
        detail = "A web page came instead of an answer: a network sign-in page or a proxy is in between."
        return Outcome(Verdict.PORTAL, detail, server_time=time)
    pause = retry_after(answer)
    if status == HTTPStatus.TOO_MANY_REQUESTS or (status == HTTPStatus.SERVICE_UNAVAILABLE and pause):
        pause = pause or DEFAULT_PAUSE
        detail = f"The remote asks to wait {pause:.0f} s ({status})."
        return Outcome(Verdict.THROTTLED, detail, retry_after=pause, server_time=time)
    verdict, sentence = _by_status(status)
    words, fields = remote_words(answer) if status < 500 else ("", {})
    detail = f"{sentence} ({status})." + (f" It says: {words}" if words else "")
    return Outcome(verdict, detail, fields=fields, server_time=time)


def _no_reply(answer: NoReply, *, write: bool) -> Outcome:
    verdict = {
        Trouble.NOT_SENT: Verdict.NOT_SENT,
        Trouble.UNKNOWN: Verdict.UNKNOWN,
        Trouble.CERTIFICATE: Verdict.CERTIFICATE,
        # A write with an answer that was not read may have been saved.
        Trouble.TOO_LARGE: Verdict.UNKNOWN if write else Verdict.UNREADABLE,
    }[answer.trouble]
    return Outcome(verdict, answer.detail)


def _by_status(status: int) -> tuple[Verdict, str]:
    match status:
        case 401:
            return Verdict.SIGN_IN, "The remote does not accept the key"
        case 403:
            return Verdict.FORBIDDEN, "The remote does not allow this"
        case 404 | 410:
            return Verdict.GONE, "The remote does not know this"
        case 407 | 511:
            return Verdict.PORTAL, "The network asks to sign in first"
        case 408 | 425:
            return Verdict.UNKNOWN, "The remote did not take the request in time"
        case _ if 300 <= status < 400:
            return Verdict.PORTAL, "The remote points to another address, which is never followed"
        case _ if 400 <= status < 500:
            return Verdict.REFUSED, "The remote refused this"
    return Verdict.UNKNOWN, "The remote has a problem of its own"


def is_html(reply: Reply) -> bool:
    """Tell whether the body is a web page rather than an answer."""
    if _PAGE.match(reply.body):
        return True
    # Some servers send JSON under the name of HTML; that is no reason not to read it.
    kind = reply.headers.get("content-type", "").lower()
    return "html" in kind and bool(reply.body) and not _JSON.match(reply.body)


def server_time(reply: Reply) -> datetime | None:
    """Return the remote's clock, from the Date header."""
    return _http_date(reply.headers.get("date", ""))


def retry_after(reply: Reply) -> float | None:
    """Return the seconds that the remote asks to wait, within 1 s and 15 min; None if it does not ask."""
    text = reply.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        seconds: float = int(text[:9])
    else:
        until, now = _http_date(text), server_time(reply)
        if until is None:
            return None
        # A date means something only beside the clock that it was made from.
        seconds = (until - now).total_seconds() if now else DEFAULT_PAUSE
    return min(max(seconds, MIN_PAUSE), MAX_PAUSE)


def remote_words(reply: Reply) -> tuple[str, Mapping[str, str]]:
    """Return the remote's own words about a failure: one line, and its messages by field."""
    if len(reply.body) > _BODY_LIMIT or is_html(reply):
        return "", {}
    try:
        content = decode_strict(reply.body)
    except BadJson:
        plain = reply.headers.get("content-type", "").lower().startswith("text/plain")
        return (clean_words(reply.body[:_WORDS_LIMIT].decode(errors="replace")) if plain else ""), {}
    return words_in(content)


def words_in(content: object) -> tuple[str, Mapping[str, str]]:
    """Return the sentence and the messages by field in a decoded body."""
    if isinstance(content, dict) and isinstance(content.get("processing_object"), dict):
        content = content["processing_object"]
    fields: dict[str, str] = {}
    if isinstance(content, dict):
        sentences = [line for key in _SENTENCE_KEYS for line in _lines(content.get(key))]
        inner = next(
            (content[key] for key in ("errors", "error") if isinstance(content.get(key), dict)), content
        )
        for name, value in inner.items():
            # {"status": "failed"} is no message about a field, {"status": ["Not possible."]} is one.
            if name in _SENTENCE_KEYS or (name in _PLAIN_KEYS and not isinstance(value, list)):
                continue
            fields.update(_by_field(clean_words(name), value))
        fields = dict(list(fields.items())[:_FIELDS_LIMIT])
        sentences = sentences or [f"{name}: {line}" for name, line in fields.items()]
    else:
        sentences = list(_lines(content))
    return clean_words("; ".join(sentences)), fields


def clean_words(text: str) -> str:
    """Return a stranger's words as one harmless line of at most 300 characters."""
    line = clean_line(text[: 4 * _WORDS_LIMIT])
    return line if len(line) <= _WORDS_LIMIT else line[: _WORDS_LIMIT - 1] + "…"


def _lines(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if line := clean_words(value):
            yield line
    elif isinstance(value, list):
        for item in value[:10]:
            yield from _lines(item)
    elif isinstance(value, dict) and isinstance(value.get("message"), str):
        yield from _lines(value["message"])


def _by_field(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in list(value.items())[:_FIELDS_LIMIT]:
            yield from _by_field(f"{path}.{clean_words(name)}"[:_WORDS_LIMIT], inner)
    elif isinstance(value, list) and any(
        isinstance(inner, dict) and "message" not in inner for inner in value
    ):
        # The messages of a list's rows: one object for each row, empty where it is good.
        for place, inner in enumerate(value[:_ROWS_LIMIT]):
            yield from _by_field(f"{path}.{place}"[:_WORDS_LIMIT], inner)
    elif lines := list(_lines(value)):
        yield path, clean_words(" ".join(lines))


@lru_cache(maxsize=64)  # the answers of one second have the same
def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
