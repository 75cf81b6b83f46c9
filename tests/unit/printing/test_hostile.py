"""Texts of strangers never command a printer: no drawer, no cut, no control byte comes from them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posapp.domain.payment import Payment, PaymentKind
from posapp.domain.sale import DiscountShare
from posapp.domain.status import PaymentMethod
from posapp.domain.tickets import (
    Dish,
    KitchenFacts,
    Sold,
    TicketKind,
    TicketOrder,
    TicketRequest,
    difference,
)
from posapp.printing.bitmap import MonoBitmap
from posapp.printing.codepages import NUMBERS, code_page
from posapp.printing.document import Block, Document, Mode, Size
from posapp.printing.escpos import render
from posapp.printing.layout import lay_out
from posapp.printing.printers import Printer
from tests.support.escpos_reader import Paper, read_ticket

UTC_ZONE = ZoneInfo("UTC")
AT = datetime(2026, 5, 21, 14, 10, tzinfo=UTC)
ATTACKS = [
    "\x1bp\x00\x19\xfa", "\x1b@", "\x1dV\x00", "\x10\x14\x01\x00\x05", "\x10\x04\x01", "\x00", "\x1b",
    "\x1d", "\x10", "\x7f", "\x9b", "\u202e", "\u2028", "\x0c", "\r", "\n", "\t", "\x1c.",
    "\x1dv0\x00\xff\xff", "\ud800", "\ue000",
]  # fmt: skip
text = st.lists(st.one_of(st.sampled_from(ATTACKS), st.text(max_size=8)), max_size=5).map("".join)
alphabets = st.sampled_from(["ascii", *NUMBERS])


def blocks(words: str, width: int, bold: bool, size: Size) -> MonoBitmap:
    """Draw a block of dots for each text: the reader has to see pictures where letters are missing."""
    wide = max(1, min(width, 8 * len(words)))
    return MonoBitmap(wide, 24, b"\x1b" * ((wide + 7) // 8 * 24))


def read(data: bytes, printer: Printer) -> Paper:
    pages: dict[int | None, str] = {None: "ascii"} | {number: name for name, number in NUMBERS.items()}
    return read_ticket(data, dots=printer.dots, columns=printer.letters, pages=pages)


def order(word: str) -> TicketOrder:
    dish = Dish(word, word, 2, (word,), word)
    return TicketOrder(
        code=word or "1", shop=word, remote_id=word, kind=word, created_at=AT, wanted_at=AT, customer=word,
        phone=word, address=word, comment=word, payment_method=word, payment_status=word, change_from=word,
        lines=(Sold(dish, Decimal("1.50"), Decimal("3.00"), word),), products_total=Decimal(3),
        delivery_cost=Decimal(1), total=word, currency="KZT", cancelled=False, version=1,
        table=word, discounts=(DiscountShare(word, Decimal(1)),),
        payments=(Payment(PaymentKind.PAYMENT, PaymentMethod.CARD, Decimal(3), reference=word, person=word),),
    )  # fmt: skip


@settings(max_examples=150)
@given(word=text, alphabet=alphabets, wide=st.booleans(), kind=st.sampled_from(["receipt", "kitchen"]))
def test_no_text_of_an_order_commands_the_printer(word: str, alphabet: str, wide: bool, kind: str) -> None:
    printer = Printer("p", "x", width_mm=80 if wide else 58, code_page=alphabet)
    document = lay_out(TicketRequest(TicketKind(kind), order(word), AT, word, word), UTC_ZONE)

    paper = read(render(document, printer, blocks), printer)

    assert paper.drawer == 0
    assert paper.cuts == 1


@settings(max_examples=100)
@given(before=text, after=text)
def test_no_change_of_an_order_commands_the_printer(before: str, after: str) -> None:
    facts = order(after)
    old = KitchenFacts((Dish("a", before, 1, (before,), before), Dish("b", "Tea", 1)), before)
    since = difference(old, facts.kitchen)
    printer = Printer("p", "x", code_page="cp866")

    document = lay_out(TicketRequest(TicketKind.KITCHEN, facts, AT, "till", since=since), UTC_ZONE)
    paper = read(render(document, printer, blocks), printer)

    assert (paper.drawer, paper.cuts) == (0, 1)


@settings(max_examples=150)
@given(left=text, right=text, alphabet=alphabets, mode=st.sampled_from([Mode.TEXT, Mode.COLUMNS]),
       size=st.sampled_from(list(Size)), indent=st.integers(0, 200))  # fmt: skip
def test_a_ticket_that_another_program_put_into_the_queue_is_cleaned_too(
    left: str, right: str, alphabet: str, mode: Mode, size: Size, indent: int
) -> None:
    printer = Printer("p", "x", width_mm=58, code_page=alphabet)
    document = Document((Block(mode, left, right, size=size, indent=indent),))

    paper = read(render(document, printer, blocks), printer)

    assert (paper.drawer, paper.cuts) == (0, 1)


@pytest.mark.parametrize("attack", ATTACKS)
def test_words_around_an_attack_are_printed(attack: str) -> None:
    document = lay_out(TicketRequest(TicketKind.KITCHEN, order(f"soup{attack}salad"), AT, "till"), UTC_ZONE)
    printer = Printer("p", "x", code_page="cp1252")

    words = read(render(document, printer, blocks), printer).words

    assert "soup" in words
    assert "salad" in words
    assert "\x1b" not in words


@given(character=st.characters(), alphabet=alphabets)
def test_an_alphabet_has_one_harmless_byte_for_a_letter_or_none(character: str, alphabet: str) -> None:
    found = code_page(alphabet).encode(character)

    assert found is None or len(found) <= 1
    assert found is None or all(byte >= 0x20 and byte != 0x7F for byte in found)
