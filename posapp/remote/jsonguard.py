"""JSON from strangers: decoded strictly, within bounds, and a list's rows kept apart from each other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice
from typing import TypeVar

import msgspec

from posapp.domain.text import clean_line

MAX_DEPTH = 64
MAX_ROWS = 50_000
_MAX_DIGITS = 30
_MAX_EXPONENT = 30
_MANY_COMMAS = 2_000_000
_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
# All digits as one, to find a number that is too long anywhere in a text at once.
_AS_ONE_DIGIT = bytes.maketrans(b"123456789", b"0" * 9)
_TOO_LONG = b"0" * (_MAX_DIGITS + 1)

T = TypeVar("T")

_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_KEY = re.compile(rb'\s*("(?:[^"\\]++|\\.)*+")\s*:', re.DOTALL)
_BRACKETS = re.compile(r"[\[{]+|[\]}]+")
# What structures JSON, as bytes: whole strings, runs of brackets, commas.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[\[{]+|[\]}]+|,|"', re.DOTALL)
# An escape, so that a doubled backslash is never taken for the begin of one; a pair of halves is one.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_MAYBE_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_HIDDEN_LETTER = re.compile(rb"\\u00[4-7]")


class BadJson(ValueError):  # noqa: N818 - it names what was received
    """The text is no JSON that we take; the message is a sentence."""


class _NotPlain(Exception):  # noqa: N818 - it is no error, only a question for the slow way
    """This JSON may be good or bad: the quick way cannot tell."""


class MissingKey(BadJson):
    """The top of the answer is not an object with the key that it has to have."""


def decode_strict(data: bytes | str) -> object:
    """Decode JSON; numbers with a point or an exponent become Decimal.

    Raises BadJson for text that is not JSON or not UTF-8, a key given twice, NaN and Infinity, numbers of
    more than 30 digits or an exponent beyond ±30, half characters (lone surrogates), and nesting deeper
    than 64. A byte order mark is passed over.
    """
    try:
        return _decode_quickly(data if isinstance(data, bytes) else data.encode())
    except (_NotPlain, msgspec.MsgspecError, UnicodeError, RecursionError):
        return _decode_slowly(data)


def decoder_of(kind: type[T]) -> msgspec.json.Decoder[T]:
    """Return a decoder into a structure, for JSON that `decode_strict` has found good."""
    return msgspec.json.Decoder(kind, float_hook=_decimal)


def _decode_quickly(body: bytes) -> object:
    """Decode what reads the same when it is written again, but for the blanks between its parts.

    Then no object in it had a key twice: a key that is written once was there once. Whatever else is
    unusual (escaped letters, 1E5, a number that is too long) raises, for the slow way to judge.
    """
    if _TOO_LONG in body.translate(_AS_ONE_DIGIT):
        raise _NotPlain
    content: object = _QUICK.decode(body)
    again = _WRITER.encode(content)
    if again != body and again != msgspec.json.format(body, indent=-1):
        raise _NotPlain
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH:
        _check_depth(body.decode())
    return content


def _decode_slowly(data: bytes | str) -> object:
    text = _text_of(data)
    if has_half_characters(text):
        raise BadJson("A text holds half a character.")
    _check_depth(text)
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise BadJson(f"This is not valid JSON (at character {error.pos + 1:,}).") from None
    except RecursionError:
        raise BadJson("This is nested too deeply.") from None


def has_half_characters(text: str) -> bool:
    """Tell whether JSON text holds an escape that is one half of a character (a lone surrogate)."""
    if not _MAYBE_HALF.search(text):
        return False
    return any(match["half"] for match in _ESCAPE.finditer(text))


def mend_half_characters(text: str) -> str:
    r"""Replace each lone half of a character, such as an emoji cut in two, by \ufffd (�)."""
    if not _MAYBE_HALF.search(text):
        return text
    return _ESCAPE.sub(lambda match: r"\ufffd" if match["half"] else match[0], text)


def split_rows(body: bytes, key: str) -> list[bytes]:
    """Return the JSON text of each element of the list `key` of the top object, as received.

    The rows themselves are not looked into: one that is broken in itself does no harm to the others.
    Raises MissingKey if the body is JSON without that key, BadJson if it cannot be told apart into rows.
    """
    body = body.removeprefix(_BOM)
    if _is_plain(body, key):
        try:
            return _fast_rows(msgspec.json.decode(body, type=dict[str, msgspec.Raw])[key])
        except (msgspec.MsgspecError, ValueError, KeyError, RecursionError):
            pass  # some row is broken, or the whole (ValueError: a key that is not UTF-8): the slow way tells
    value = top_members(body).get(key)
    if value is None:
        raise MissingKey(f"The answer has no “{key}”.")
    if not value.startswith(b"["):
        raise BadJson(f"“{key}” is not a list.")
    return _limited(_elements(value))


def split_array(body: bytes) -> list[bytes]:
    """Return the JSON text of each element of an array, as received; raise BadJson where there is none.

    As with `split_rows`, what is broken inside an element does no harm to the others.
    """
    body = body.strip(_SPACE)
    if not body.startswith(b"["):
        raise BadJson("This is not a list.")
    if body.count(b",") < _MANY_COMMAS:
        try:
            return _fast_rows(body)
        except (msgspec.MsgspecError, RecursionError):
            pass  # some row is broken, or the whole: the slow way tells
    return _limited(_elements(body))


def _fast_rows(array: bytes | msgspec.Raw) -> list[bytes]:
    return _limited(bytes(row) for row in msgspec.json.decode(array, type=list[msgspec.Raw]))


def _is_plain(body: bytes, key: str) -> bool:
    """Tell whether the fast way may be tried.

    msgspec takes the last of two equal keys, so not for bodies that could hold two; and it builds all rows
    before anybody can count them, so not for millions.
    """
    once = body.count(f'"{key}"'.encode()) == 1
    return once and body.count(b",") < _MANY_COMMAS and not _HIDDEN_LETTER.search(body)


def top_members(body: bytes) -> dict[str, bytes]:
    """Return the members of the top object as raw text, without looking into them."""
    body = body.strip(_SPACE)
    if not body.startswith(b"{"):
        # Another kind of JSON is an answer to another question; anything else is no answer.
        decode_strict(body)
        raise MissingKey("The answer is not an object.")
    members: dict[str, bytes] = {}
    for member in _elements(body):
        match = _KEY.match(member)
        if match is None:
            raise BadJson("This is not valid JSON.")
        name = decode_strict(match[1])
        if not isinstance(name, str) or name in members:
            raise BadJson(f"“{clean_line(str(name))[:40]}” is given twice.")
        members[name] = member[match.end() :].strip(_SPACE)
    return members


def _elements(body: bytes) -> Iterator[bytes]:
    """Yield what stands between the commas of the outermost brackets; nesting only counts."""
    depth = 0
    begin = 1
    seen_comma = False
    for match in _TOKEN.finditer(body):
        first = body[match.start()]
        if first in b"[{":
            depth += match.end() - match.start()
        elif first in b"]}":
            depth -= match.end() - match.start()
            if depth <= 0:
                end = match.end() - 1 + depth
                if body[end] != body[0] + 2 or body[end + 1 :].strip(_SPACE):
                    break
                last = body[begin:end].strip(_SPACE)
                if last or seen_comma:
                    yield _present(last)
                return
        elif first == ord(",") and depth == 1:
            seen_comma = True
            yield _present(body[begin : match.start()].strip(_SPACE))
            begin = match.end()
        elif match.end() - match.start() == 1 and first == ord('"'):
            break
    raise BadJson("The answer breaks off, or its brackets do not match.")


def _present(element: bytes) -> bytes:
    if not element:
        raise BadJson("This is not valid JSON: something is missing between two commas.")
    return element


def _limited(rows: Iterable[bytes]) -> list[bytes]:
    taken = list(islice(rows, MAX_ROWS + 1))
    if len(taken) > MAX_ROWS:
        raise BadJson(f"The list has more than {MAX_ROWS:,} rows; so many are not taken.")
    return taken


def _text_of(data: bytes | str) -> str:
    try:
        if isinstance(data, str):
            data.encode()
            return data.removeprefix("\ufeff")
        return data.removeprefix(_BOM).decode()
    except UnicodeError:
        raise BadJson("The text is not UTF-8.") from None


def _check_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth = 0
    for match in _BRACKETS.finditer(_STRING.sub("", text)):
        run = match[0]
        depth += len(run) if run[0] in "[{" else -len(run)
        if depth > MAX_DEPTH:
            raise BadJson(f"This is nested more than {MAX_DEPTH} levels deep.")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise BadJson(f"“{clean_line(twice)[:40]}” is given twice.")
    return result


def _integer(text: str) -> int:
    if len(text) > _MAX_DIGITS and len(text.lstrip("-")) > _MAX_DIGITS:
        raise BadJson(f"The number {text[:20]}… has more than {_MAX_DIGITS} digits.")
    return int(text)


def _decimal(text: str) -> Decimal:
    mantissa, _, exponent = text.lower().partition("e")
    if len(mantissa.strip("-").replace(".", "")) > _MAX_DIGITS:
        raise BadJson(f"The number {text[:20]}… has more than {_MAX_DIGITS} digits.")
    if exponent and (len(exponent) > 10 or abs(int(exponent)) > _MAX_EXPONENT):
        raise BadJson(f"The number {text[:20]} is too large or too small.")
    return Decimal(text)


def _constant(text: str) -> object:
    raise BadJson(f"{text} is not a number.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_decimal, parse_int=_integer, parse_constant=_constant
)
_QUICK = msgspec.json.Decoder(float_hook=_decimal)
_WRITER = msgspec.json.Encoder(decimal_format="number")
