"""Tickets in printers' bytes, read back by a reader of its own: nothing is lost in any of three scripts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from posapp.domain.payment import Payment, PaymentKind
from posapp.domain.sale import DiscountShare, TaxShare
from posapp.domain.status import PaymentMethod
from posapp.domain.tickets import Dish, Sold, TicketKind, TicketOrder, TicketRequest
from posapp.printing.document import Document, from_json, marked_copy, to_json
from posapp.printing.escpos import render
from posapp.printing.layout import lay_out, trial_page
from posapp.printing.printers import Printer
from posapp.ui.fonts import load_fonts
from posapp.ui.raster import rasterize
from tests.support.escpos_reader import BadByteError, Paper, read_ticket
from tests.support.glyphs import missing, shows

ALMATY = ZoneInfo("Asia/Almaty")
AT = datetime(2026, 5, 21, 14, 10, tzinfo=UTC)
LATIN = ("Margherita 30 cm", "Jalapeno", "Cola 0.5")
KAZAKH = ("Қуырдақ үлкен", "Сүт қосылған шәй", "Бауырсақ")
CYRILLIC = ("Маргарита 30 см", "Сыр чеддер", "Морс клюквенный")
NEPALI = ("मोमो भेज", "टमाटरको अचार", "दूध चिया")
PRINTERS = [
    Printer("a", "x", width_mm=58),
    Printer("b", "x", width_mm=58, columns=42),
    Printer("c", "x", width_mm=80, code_page="cp866"),
    Printer("d", "x", width_mm=80, columns=42, code_page="kz1048"),
    Printer("e", "x", width_mm=80, code_page="cp1251"),
]


@pytest.fixture(autouse=True)
def fonts(qapp: object) -> None:
    load_fonts()


def order(words: tuple[str, str, str] = LATIN, **changes: object) -> TicketOrder:
    first, addition, other = words
    lines = (
        Sold(Dish("a", first, 2, (addition,), addition), Decimal("2500.00"), Decimal("5000.00")),
        Sold(Dish("b", other, 13), Decimal("350.00"), Decimal("4550.00"), promo=addition),
    )
    made = TicketOrder(
        code="4807", shop="Alma", remote_id="4417", kind="delivery", created_at=AT,
        wanted_at=AT + timedelta(minutes=50), customer=first, phone="77012341806", address=other,
        comment=addition, payment_method="cash", payment_status="unpaid", change_from="20000",
        lines=lines, products_total=Decimal("9550.00"), delivery_cost=Decimal("990.00"),
        total="10540.00", currency="KZT", cancelled=False, version=3,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def ticket(kind: TicketKind, facts: TicketOrder) -> Document:
    return lay_out(TicketRequest(kind, facts, AT + timedelta(minutes=1), "counter-1"), ALMATY)


def printed(document: Document, printer: Printer, *, drawer: bool = False) -> Paper:
    data = render(document, printer, rasterize, drawer=drawer)
    return read_ticket(data, dots=printer.dots, columns=printer.letters)


@pytest.mark.parametrize("printer", PRINTERS, ids=lambda printer: f"{printer.width_mm}-{printer.letters}")
@pytest.mark.parametrize("words", [LATIN, CYRILLIC, KAZAKH, NEPALI], ids=["la", "ru", "kk", "ne"])
def test_every_title_quantity_and_total_is_on_the_receipt(
    printer: Printer, words: tuple[str, str, str]
) -> None:
    paper = printed(ticket(TicketKind.RECEIPT, order(words)), printer)

    for text in words:
        assert missing(paper, text) == []
    for text in ("2 x", "13 x", "5 000", "4 550", "990", "TOTAL", "10 540 ₸", "9 460", "#4807", "4417"):
        assert missing(paper, text) == []
    assert shows(paper, "21.05.2026")
    assert shows(paper, "19:10")
    assert shows(paper, "20:00")
    assert shows(paper, "+7 701 234 18 06")
    assert paper.cuts == 1
    assert paper.drawer == 0
    assert paper.small is printer.narrow


@pytest.mark.parametrize("printer", PRINTERS[:3], ids=lambda printer: f"{printer.width_mm}-{printer.letters}")
@pytest.mark.parametrize("words", [LATIN, KAZAKH, NEPALI], ids=["la", "kk", "ne"])
def test_every_title_quantity_and_addition_is_on_the_kitchen_ticket(
    printer: Printer, words: tuple[str, str, str]
) -> None:
    paper = printed(ticket(TicketKind.KITCHEN, order(words)), printer)

    for text in (*words, "2 x", "13 x", "#4807", "Delivery", "20:00"):
        assert missing(paper, text) == []
    assert not shows(paper, "TOTAL")
    assert not shows(paper, "10 540")


def test_what_the_alphabet_has_is_text_and_only_the_rest_is_drawn() -> None:
    russian = printed(ticket(TicketKind.KITCHEN, order(CYRILLIC)), PRINTERS[2])
    kazakh = printed(ticket(TicketKind.KITCHEN, order(KAZAKH)), PRINTERS[2])
    own = printed(ticket(TicketKind.KITCHEN, order(KAZAKH)), PRINTERS[3])

    assert russian.pictures == []
    assert "2 x Маргарита 30 см" in russian.text
    assert len(kazakh.pictures) > 0
    assert "Delivery" in kazakh.text
    assert own.pictures == []
    assert "2 x Қуырдақ үлкен" in own.text


def test_the_reader_finds_only_what_is_there() -> None:
    paper = printed(ticket(TicketKind.KITCHEN, order(CYRILLIC)), PRINTERS[0])

    assert shows(paper, "Маргарита")
    assert missing(paper, "Маргаритка Моцарелла मोमो 14") == ["Маргаритка", "Моцарелла", "मोमो", "14"]


def test_a_printer_that_counts_its_alphabets_otherwise() -> None:
    printer = Printer("f", "x", code_page="cp1251:73")
    data = render(ticket(TicketKind.KITCHEN, order(CYRILLIC)), printer, rasterize)

    paper = read_ticket(data, pages={None: "ascii", 73: "cp1251"})
    assert "Морс клюквенный" in paper.text
    with pytest.raises(KeyError):
        read_ticket(data)


@pytest.mark.parametrize(
    ("format_", "status", "owed"),
    [("staff", "paid", False), ("staff", "unpaid", True), ("internal", "paid", True)],
)
def test_cash_is_asked_for_only_where_it_is_owed(format_: str, status: str, owed: bool) -> None:
    paper = printed(ticket(TicketKind.RECEIPT, order(format=format_, payment_status=status)), PRINTERS[2])

    assert ("To pay in cash" in paper.text) is owed
    assert ("Paid - Cash" in paper.text) is not owed


def test_a_counter_order_shows_how_it_was_paid() -> None:
    facts = order(
        code="C1-027", remote_id="", customer="", phone="", address="", comment="", wanted_at=None,
        payment_method="", payment_status="paid", delivery_cost=Decimal(0), total="9050.00", table="12",
        discounts=(DiscountShare("Regular guest 5 %", Decimal("500.00")),),
        taxes=(TaxShare(Decimal(12), Decimal(9050), Decimal("969.64")),),
        payments=(
            Payment(
                PaymentKind.PAYMENT, PaymentMethod.CARD, Decimal(4050), tendered=Decimal(4050),
                reference="A17",
            ),
            Payment(
                PaymentKind.PAYMENT, PaymentMethod.CASH, Decimal("4999.60"), rounding=Decimal("0.40"),
                tendered=Decimal(6000), change=Decimal(1000), person="Dana",
            ),
            Payment(PaymentKind.REFUND, PaymentMethod.CASH, Decimal(-350), returned=Decimal(100)),
        ),
    )  # fmt: skip

    lines = [
        " ".join(line.text.split()) for line in printed(ticket(TicketKind.RECEIPT, facts), PRINTERS[2]).lines
    ]

    for line in (
        "Order C1-027", "Table 12", "Items 9 550", "Regular guest 5 % -500", "including tax 12 % 969.64",
        "Card 4 050", "A17", "Rounding 0.40", "Cash (Dana) 6 000", "Change 1 000", "Given back, cash -350",
        "It comes to now 8 950", "STILL TO PAY 250.40",
    ):  # fmt: skip
        assert line in lines
    assert "To pay in cash" not in lines


@pytest.mark.parametrize("printer", PRINTERS, ids=lambda printer: f"{printer.width_mm}-{printer.letters}")
@pytest.mark.parametrize("words", [LATIN, KAZAKH, NEPALI], ids=["la", "kk", "ne"])
def test_a_refund_says_what_went_back_and_what_the_order_comes_to_now(
    printer: Printer, words: tuple[str, str, str]
) -> None:
    paid = Payment(PaymentKind.PAYMENT, PaymentMethod.CARD, Decimal(10540), tendered=Decimal(10540))
    back = Payment(
        PaymentKind.REFUND, PaymentMethod.CASH, Decimal("-2850.40"), rounding=Decimal("0.40"),
        returned=Decimal("2850.40"), reason=words[1],
        lines=((0, 1, Decimal(2500)), (1, 1, Decimal("350.40"))),
    )  # fmt: skip
    facts = order(words, payments=(paid, back), payment_status="partly_paid")
    request = replace(TicketRequest(TicketKind.RECEIPT, facts, AT, "counter-1"), back=(back,))
    paper = printed(lay_out(request, ALMATY), printer)

    for text in (
        "REFUND", "#4807", "1 x", words[0], "2 500", words[2], "350.40", "GIVEN BACK", "2 850 ₸",
        "Cash, back", "-0.40", words[1], "The order came to", "10 540", "It comes to now", "7 689.60",
        "Paid, all in all",
    ):  # fmt: skip
        assert missing(paper, text) == []
    for text in ("13", "4 550", "TOTAL", "Card", "STILL", "COPY"):  # of what was paid before, nothing
        assert not shows(paper, text)


def test_a_payment_taken_back_by_mistake_is_a_correction_and_says_what_is_due() -> None:
    paid = Payment(PaymentKind.PAYMENT, PaymentMethod.CARD, Decimal(10540), reference="A17", pk=1)
    back = replace(paid, kind=PaymentKind.REVERSAL, amount=Decimal(-10540), reason="wrong card", reverses=1)
    facts = order(payments=(paid, back), payment_status="unpaid")
    request = replace(TicketRequest(TicketKind.RECEIPT, facts, AT, "counter-1"), back=(back,))
    paper = printed(lay_out(request, ALMATY), PRINTERS[2])

    for text in ("CORRECTION", "GIVEN BACK 10 540", "Card, back", "A17", "wrong card", "STILL TO PAY 10 540"):
        assert missing(paper, text) == []
    assert not shows(paper, "REFUND")


def test_what_a_remote_took_off_is_told_so_that_the_sum_can_be_followed() -> None:
    paper = printed(ticket(TicketKind.RECEIPT, order(total="10000.00")), PRINTERS[2])

    assert "Discount" in paper.text
    assert "-540" in paper.words


def test_a_total_that_is_no_amount_is_printed_as_received() -> None:
    paper = printed(ticket(TicketKind.RECEIPT, order(total="a lot")), PRINTERS[0])

    assert "a lot" in paper.words


def test_long_titles_wrap_and_amounts_stay_whole() -> None:
    title = "Margherita with everything that the kitchen has and then some more of it on top " * 3
    facts = order((title.strip(), "x" * 200, "Cola"))

    for printer in PRINTERS:
        paper = printed(ticket(TicketKind.RECEIPT, facts), printer)
        assert title.strip() in paper.words
        assert "5 000" in paper.words
        assert paper.text.replace("\n", "").replace(" ", "").count("x" * 200) >= 1


def test_the_drawer_opens_only_where_there_is_one_to_open() -> None:
    document = ticket(TicketKind.RECEIPT, order())

    assert printed(document, PRINTERS[0], drawer=True).drawer == 1
    assert printed(document, PRINTERS[0]).drawer == 0
    empty = printed(Document(()), PRINTERS[0], drawer=True)
    assert (empty.drawer, empty.cuts, empty.lines) == (1, 0, [])


def test_a_copy_says_so_and_is_else_the_same() -> None:
    document = ticket(TicketKind.RECEIPT, order())
    first, copy = (printed(each, PRINTERS[2]) for each in (document, marked_copy(document)))

    assert copy.lines[0].text.strip() == "COPY"
    assert copy.lines[0].size == (2, 2)
    assert copy.lines[1:] == first.lines


def test_a_ticket_survives_the_queue() -> None:
    document = ticket(TicketKind.RECEIPT, order(NEPALI))

    assert from_json(to_json(document)) == document


def test_the_trial_page_shows_every_alphabet() -> None:
    for printer in PRINTERS:
        paper = printed(trial_page("front", AT, ALMATY), printer)
        assert missing(paper, "posapp front Жаңа нан, मोमो चिया bold read") == []


def test_the_reader_is_strict() -> None:
    for data in (
        b"\x1b@\x00\n",
        b"\x1bZ",
        b"\x10\x04\x01",
        b"abc",
        b"\x1dv0\x00\x01\x00\x02\x00\xff",
        b"x" * 49 + b"\n",
    ):
        with pytest.raises(BadByteError):
            read_ticket(data)
