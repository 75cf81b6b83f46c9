"""Rows of orders, whatever the format: each read by itself, the bad ones set apart, doubles noticed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from posapp.remote.api import ORDER_LIMIT, BadRow, FormatSettings, Outcome, RemoteOrder, Reply, Verdict
from posapp.remote.classify import server_time
from posapp.remote.jsonguard import BadJson, decode_strict, mend_half_characters, top_members
from posapp.remote.values import REMOTE_ID

# Makes an order of strict JSON and its text as received; raises ValueError with a sentence.
Reader = Callable[[bytes, str, FormatSettings], RemoteOrder]
_RAW_LIMIT = 64 * 1024


@dataclass(frozen=True, slots=True)
class _Row:
    """What one row came to; `text` is there to compare rows that claim the same id.

    Not what it was decoded to: of ten thousand orders that is so much that looking for garbage in it makes
    the window stand still.
    """

    order: RemoteOrder | None
    text: str
    bad: BadRow | None


def orders_of(
    rows: Sequence[bytes], settings: FormatSettings, reader: Reader
) -> tuple[tuple[RemoteOrder, ...], tuple[BadRow, ...]]:
    """Return the orders in these rows, and the rows that made no sense."""
    return _without_doubles([_read_row(row, settings, reader) for row in rows])


def one_order(reply: Reply, settings: FormatSettings, remote_id: str, reader: Reader) -> Outcome:
    """Decode an answer that is one order; one about another id is UNREADABLE."""
    time = server_time(reply)
    try:
        claimed = _id_of(reply.body)
    except BadJson as trouble:
        return Outcome(Verdict.UNREADABLE, f"The order cannot be read: {trouble}", server_time=time)
    if claimed != remote_id:
        what = "about another order" if claimed else "not about an order"
        return Outcome(Verdict.UNREADABLE, f"The answer is {what}.", server_time=time)
    row = _read_row(reply.body, settings, reader)
    if row.bad is not None:
        detail = f"The order cannot be read: {row.bad.reason}"
        return Outcome(Verdict.UNREADABLE, detail, bad_rows=(row.bad,), server_time=time)
    return Outcome(Verdict.OK, order=row.order, server_time=time)


def _read_row(row: bytes, settings: FormatSettings, reader: Reader) -> _Row:
    text = ""
    try:
        if len(row) > ORDER_LIMIT:
            raise BadJson(f"The order is larger than {ORDER_LIMIT:,} bytes.")
        received = _text_of(row)
        text = mend_half_characters(received)
        strict = row if text == received else text.encode()
        decode_strict(strict)  # for what it refuses: the reader takes the few fields that it knows, quicker
        return _Row(reader(strict, text, settings), text, None)
    except ValueError as trouble:
        return _Row(None, text, BadRow(str(trouble), _shown(row), _safe_id_of(row)))


def _text_of(row: bytes) -> str:
    try:
        return row.decode()
    except UnicodeError:
        raise BadJson("The text is not UTF-8.") from None


def _shown(row: bytes) -> str:
    return row[:_RAW_LIMIT].decode(errors="replace").replace("\0", "�")


def _id_of(row: bytes) -> str:
    """Return the id that the row claims, without judging the rest; "" when it claims none that could be."""
    value = top_members(row).get("id")
    found = decode_strict(value) if value is not None else ""
    text = str(found) if isinstance(found, str | int) and not isinstance(found, bool) else ""
    return text if REMOTE_ID.match(text) else ""


def _safe_id_of(row: bytes) -> str:
    try:
        return _id_of(row)
    except BadJson:
        return ""


def _without_doubles(rows: list[_Row]) -> tuple[tuple[RemoteOrder, ...], tuple[BadRow, ...]]:
    orders: dict[str, _Row] = {}
    bad_rows: list[BadRow] = []
    for row in rows:
        if row.bad is not None:
            bad_rows.append(row.bad)
        elif row.order is not None:
            first = orders.setdefault(row.order.remote_id, row)
            if first.text != row.text and decode_strict(first.text) != decode_strict(row.text):
                reason = "The list held this order twice with different contents."
                bad_rows.append(BadRow(reason, row.order.raw[:_RAW_LIMIT], row.order.remote_id))
    return tuple(row.order for row in orders.values() if row.order is not None), tuple(bad_rows)
