"""What the detail of an order says: the customer, the money, the lines, the history."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from posapp.domain.status import Status
from posapp.domain.text import clean_text
from posapp.domain.timing import Targets
from posapp.sandbox.menu import HOSTILE_COMMENT
from posapp.services import orders
from posapp.storage.rows import OrderRow
from posapp.ui.delegates.rowtext import payment_line
from posapp.ui.detail.moneyfacts import payment_facts, total_facts
from posapp.ui.detail.stepfacts import timeline_steps
from posapp.ui.detail.texts import BREAK_HERE, breakable, which_order
from posapp.ui.widgets.text import PlainLabel
from posapp.ui.widgets.timeline import StatusTimeline, StepState
from tests.gui.orders.conftest import Desk
from tests.gui.orders.scene import WHO, listed_json
from tests.gui.orders.test_model import BLANK

CASH = replace(BLANK, total="7460.00")


def cash(given: str, **more: str) -> OrderRow:
    return replace(CASH, change_from=given, **more)  # type: ignore[arg-type]


def test_change_to_bring_is_told_whatever_the_shop_calls_the_payment() -> None:
    facts = payment_facts(cash("10000"))

    assert (facts.title, facts.chip, facts.warning) == ("Cash on delivery", "To collect", "")
    assert [(pair.name, pair.value.replace("\u202f", " ").replace("\xa0", " ")) for pair in facts.pairs] == [
        ("Gives", "10 000 ₸"),
        ("Change to bring", "2 540 ₸"),
    ]


@pytest.mark.parametrize(
    ("given", "warning"),
    [
        ("", "Change unknown — ask"),
        ("без сдачи", "Change unknown — ask"),
        ("7000", "460\xa0₸ less than the total — ask"),
        ("7460", ""),
    ],
)
def test_a_note_that_is_unknown_or_too_small_is_a_warning(given: str, warning: str) -> None:
    assert payment_facts(cash(given)).warning == warning


def test_a_staff_shop_that_has_the_money_lets_nobody_collect_it() -> None:
    paid = cash("", format="staff", payment_status="paid")

    facts = payment_facts(paid)
    assert (facts.chip, facts.warning, payment_line(paid).text) == ("Paid", "", "Paid")
    assert "To collect" not in {pair.name for pair in facts.pairs}
    owed = replace(paid, payment_status="unpaid")
    assert (payment_facts(owed).chip, payment_line(owed).text) == ("To collect", "Cash")
    internal = replace(paid, format="internal")
    assert (payment_facts(internal).chip, payment_line(internal).text) == ("To collect", "Cash")


def test_a_finished_cash_order_asks_nothing_any_more() -> None:
    facts = payment_facts(cash("", status="cancelled"))

    assert facts.warning == ""
    assert "To collect" not in {facts.chip, *(pair.name for pair in facts.pairs)}


@pytest.mark.parametrize(
    ("status", "chip", "warned"),
    [("paid", "Paid", False), ("unpaid", "Unpaid", True), ("waiting_for_payment", "Waiting", True),
     ("failed", "Failed", True)],
)  # fmt: skip
def test_cards_tell_whether_they_are_paid(status: str, chip: str, warned: bool) -> None:
    facts = payment_facts(replace(CASH, payment_method="card", payment_status=status))

    assert facts.chip == chip
    assert bool(facts.warning) == warned


def test_totals_are_shown_as_received_and_marked_where_they_do_not_add_up(desk: Desk) -> None:
    detail = desk.detail("aigerim")
    assert total_facts(detail).mark == ""

    wrong = replace(detail, row=replace(detail.row, total="7960.00"))
    assert total_facts(wrong).total.startswith("7\u202f960")
    assert total_facts(wrong).mark.replace("\u202f", " ").replace("\xa0", " ") == (
        "Does not add up: items and delivery come to 7 460 ₸ — the shop asks 500 ₸ more."
    )
    plain = replace(detail, lines=tuple(replace(line, promo_title="") for line in detail.lines))
    assert "less" in total_facts(plain).mark
    assert total_facts(replace(plain, products_total=Decimal(8960))).mark.startswith("Does not add up")


@pytest.mark.parametrize(
    ("count", "words"), [(0, ""), (1, "1st order"), (2, "2nd order"), (13, "13th order"), (23, "23rd order")]
)
def test_how_many_orders_a_customer_has_made(count: int, words: str) -> None:
    assert which_order(count) == words


def test_a_hostile_comment_is_shown_whole_and_does_nothing(desk: Desk) -> None:
    desk.open("stranger")
    label = desk.find(PlainLabel, "orderComment")

    assert label.textFormat() == Qt.TextFormat.PlainText
    shown = label.text().replace(BREAK_HERE, "")
    assert shown == f"«{clean_text(HOSTILE_COMMENT).strip()}»"
    assert label.height() >= label.heightForWidth(label.width())
    desk.fits()


def test_words_without_end_are_broken_so_that_nothing_is_cut(desk: Desk) -> None:
    words = "x" * 900
    row = {
        "id": "long",
        "created_at": "2026-05-21T19:40:00+05:00",
        "status": "created",
        "payment_status": "unpaid",
        "payment_method": "cash",
        "source_type": "web",
        "comment": words,
        "change": "",
        "brand": "B" * 200,
        "products": [
            {
                "internal_id": "i" * 60,
                "quantity": 1000,
                "price": {"base_for_one": "1.00", "base_total": "1.00"},
            }
        ],
        "customer": {"id": 1, "name": "N" * 120, "mobile_phone": "7" * 20},
        "delivery": {"address": "A" * 300, "datetime": None, "price": {"base_total": "0.00"}},
        "price": {"delivery_base": "0.00", "products_base": "1.00", "order_base_total": "1.00"},
    }
    pk = listed_json(desk.scene.store, [row])["long"]

    desk.page.select_order(pk, by_person=False)
    desk.bot.waitUntil(lambda: desk.page._panel.detail is not None and desk.page._panel.detail.row.pk == pk)
    desk.settle()

    assert desk.find(PlainLabel, "orderComment").text().replace(BREAK_HERE, "") == f"«{words}»"
    desk.fits()
    assert breakable("a b") == "a b"


@pytest.mark.parametrize("size", [(1282, 712), (1196, 664), (1836, 1024)])
def test_nothing_is_cut_off_in_any_order(desk: Desk, size: tuple[int, int]) -> None:
    desk.page.resize(*size)
    desk.page._panel.history.toggle()
    for guest in desk.scene.by_name:
        desk.open(guest)
        desk.fits()


def test_the_timeline_tells_when_and_what_comes(desk: Desk) -> None:
    desk.open("nurlan")
    steps = desk.find(StatusTimeline, "orderTimeline").steps

    assert [(step.words, step.state) for step in steps] == [
        ("New", StepState.DONE),
        ("Accepted", StepState.CURRENT),
        ("Cooking", StepState.NEXT),
        ("Handed over", StepState.NEXT),
    ]
    assert [step.time for step in steps] == ["19:36", "19:38", "", "≈\xa019:48"]


def test_a_cancelled_order_ends_there(desk: Desk) -> None:
    desk.open("stranger")
    steps = desk.find(StatusTimeline, "orderTimeline").steps

    assert [step.status for step in steps] == ["created", "cancelled"]


def test_the_history_opens_and_tells_who_did_what(desk: Desk) -> None:
    orders.move(desk.scene.store, desk.pk("aigerim"), Status.CANCELLED, WHO, reason="Ordered twice")
    desk.open("aigerim")
    QTest.mouseClick(desk.button("historyButton"), Qt.MouseButton.LeftButton)
    card = desk.find(QWidget, "orderHistory")
    texts = [label.text() for label in card.findChildren(PlainLabel) if label.isVisibleTo(card)]

    assert "New → Cancelled · Ordered twice" in texts
    assert "Aigerim · counter-1" in texts
    assert "Arrived from alma · Mobile app" in texts


def test_the_menu_copies_the_telephone_number(desk: Desk) -> None:
    desk.open("aigerim")
    menu = desk.page._panel.make_menu(desk.detail("aigerim"))
    copy = next(action for action in menu.actions() if action.text() == "Copy phone")

    copy.trigger()

    assert QGuiApplication.clipboard().text() == desk.detail("aigerim").row.phone


@pytest.mark.parametrize("status", list(Status))
def test_an_order_to_be_fetched_has_a_timeline_in_every_status_that_a_shop_sends(
    desk: Desk, status: Status
) -> None:
    detail = desk.detail("aigerim")
    row = replace(detail.row, kind="pickup", status=status.value)

    steps = timeline_steps(replace(detail, row=row), Targets(), desk.ctx.clock(), desk.ctx.zone)

    assert [step.status for step in steps if step.state is StepState.CURRENT] == [status]
    assert (Status.ONDELIVERY in [step.status for step in steps]) == (status is Status.ONDELIVERY)
