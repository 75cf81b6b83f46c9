"""Receipts and kitchen tickets in the queue: copies marked, edits told, nothing doubled in silence."""

from __future__ import annotations

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from posapp.domain.errors import RefusedError, UnknownOrderError
from posapp.domain.received import RemoteLine
from posapp.domain.status import Status
from posapp.domain.tickets import JobState
from posapp.printing.document import from_json
from posapp.printing.layout import composer
from posapp.services import orders, printing
from posapp.services.doctor import check_printer, check_prints
from posapp.services.kitchen_tickets import print_accepted, print_kitchen
from posapp.services.printing import print_receipt
from posapp.storage.details import order_events
from posapp.storage.printing import JobRow, begin_job, end_job, job_row, job_rows
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, Clock, put_in, remote_order

COMPOSE = composer(ZoneInfo("Asia/Almaty"))
PIZZA = RemoteLine("Маргарита", 2, Decimal("2600.00"), Decimal("5200.00"))
TEA = RemoteLine("Tea", 1, Decimal("300.00"), Decimal("300.00"))
SOUP = RemoteLine("Soup", 1, Decimal("900.00"), Decimal("900.00"))


@pytest.fixture
def pk(store: Store) -> int:
    return put_in(store, remote_order("1", lines=(PIZZA, TEA)))[0]


def edit(store: Store, number: int, **changes: object) -> None:
    put_in(store, remote_order("1", raw=f'{{"edit": {number}}}', **changes))


def finish(store: Store, job: int, state: JobState = JobState.DONE) -> None:
    assert begin_job(store, job)
    end_job(store, job, state, "" if state is JobState.DONE else "no paper")


def known(store: Store, job: int) -> JobRow:
    row = job_row(store, job)
    assert row is not None
    return row


def words(store: Store, job: int) -> str:
    blocks = from_json(known(store, job).payload).blocks
    return "\n".join(" ".join(f"{block.left} {block.right}".split()) for block in blocks)


def kitchen(store: Store, pk: int) -> int:
    return print_kitchen(store, pk, "grill", ANNA, COMPOSE)


def test_a_receipt_is_queued_with_the_order_as_it_is(store: Store, pk: int) -> None:
    job = known(store, print_receipt(store, pk, "front", ANNA, COMPOSE))

    assert (job.state, job.printer, job.order_pk, job.title) == (
        JobState.QUEUED,
        "front",
        pk,
        "Receipt #1001",
    )
    assert job.is_copy is False
    text = words(store, job.pk)
    assert "2 x Маргарита 5 200" in text.replace("\u00a0", " ")
    assert "TOTAL 2 600 ₸" in text.replace("\u00a0", " ")
    assert "05.03.2026 16:59" in text
    assert "Айгерим" in text


def test_the_same_receipt_again_is_a_copy_and_another_one_is_not(store: Store, pk: int) -> None:
    first = print_receipt(store, pk, "front", ANNA, COMPOSE)
    again = print_receipt(store, pk, "front", ANNA, COMPOSE)
    third = print_receipt(store, pk, "front", ANNA, COMPOSE)
    edit(store, 1, customer_name="Dana")
    paid = print_receipt(store, pk, "front", ANNA, COMPOSE, drawer=True)

    assert [known(store, job).copy_of for job in (first, again, third, paid)] == [None, first, first, None]
    assert [known(store, job).drawer for job in (again, paid)] == [False, True]
    events = [event.params for event in order_events(store, pk) if event.kind == "ticket"]
    assert [event["copy"] for event in events] == ["", "1", "1", ""]


def test_a_failed_receipt_makes_no_copy_of_the_next(store: Store, pk: int) -> None:
    finish(store, print_receipt(store, pk, "front", ANNA, COMPOSE), JobState.FAILED)

    assert known(store, print_receipt(store, pk, "front", ANNA, COMPOSE)).is_copy is False


def test_an_order_that_is_gone_is_refused(store: Store) -> None:
    with pytest.raises(UnknownOrderError):
        print_receipt(store, 99, "front", ANNA, COMPOSE)


def test_a_receipt_is_of_the_same_transaction_as_its_act(store: Store, pk: int) -> None:
    def fail() -> None:
        with store.write() as tx:
            printing.queue_receipt(tx, pk, "front", ANNA, COMPOSE)
            raise RefusedError("The payment did not work.")

    with pytest.raises(RefusedError):
        fail()
    assert job_rows(store) == ()


def test_the_first_kitchen_ticket_is_whole_and_the_second_is_refused(store: Store, pk: int) -> None:
    job = kitchen(store, pk)
    text = words(store, job)
    assert "2 x Маргарита" in text
    assert "1 x Tea" in text
    assert "CHANGED" not in text
    finish(store, job)

    with pytest.raises(RefusedError, match="already"):
        kitchen(store, pk)
    assert len(job_rows(store)) == 1


def test_after_an_edit_the_kitchen_gets_what_changed(store: Store, pk: int) -> None:
    finish(store, kitchen(store, pk))
    edit(store, 1, lines=(replace(PIZZA, quantity=3), SOUP), comment="Allergy: nuts")

    text = words(store, kitchen(store, pk)).split("\n")

    assert "CHANGED" in text
    assert text[text.index("REMOVED") + 1] == "- 1 x Tea"
    assert text[text.index("ADDED") + 1] == "+ 1 x Soup"
    assert text[text.index("INSTEAD OF") + 1] == "2 x Маргарита"
    assert text[text.index("NOW") + 1] == "3 x Маргарита"
    assert text[text.index("The comment is now:") + 1] == "Allergy: nuts"
    assert not any("Айгерим" in line for line in text)


def test_what_counts_is_what_was_printed_not_what_was_asked_for(store: Store, pk: int) -> None:
    finish(store, kitchen(store, pk))
    edit(store, 1, lines=(PIZZA, TEA, SOUP))
    finish(store, kitchen(store, pk), JobState.FAILED)
    edit(store, 2, lines=(PIZZA, SOUP))

    text = words(store, kitchen(store, pk))

    assert "- 1 x Tea" in text
    assert "+ 1 x Soup" in text


def test_a_ticket_that_still_waits_gives_way_to_the_newer_one(store: Store, pk: int) -> None:
    first = kitchen(store, pk)
    edit(store, 1, lines=(SOUP,))

    second = kitchen(store, pk)

    assert known(store, first).state is JobState.WITHDRAWN
    assert known(store, first).error == "A newer ticket of this order took its place."
    text = words(store, second)
    assert "1 x Soup" in text
    assert "CHANGED" not in text
    with pytest.raises(RefusedError, match="needs no retry"):
        printing.retry(store, first, ANNA)


def test_an_old_ticket_is_not_retried_over_a_newer_one(store: Store, pk: int) -> None:
    old = kitchen(store, pk)
    finish(store, old, JobState.FAILED)
    edit(store, 1, lines=(SOUP,))
    kitchen(store, pk)

    with pytest.raises(RefusedError, match="newer"):
        printing.retry(store, old, ANNA)


def test_an_edit_that_is_taken_back_before_it_was_printed_leaves_nothing_in_the_queue(
    store: Store, pk: int
) -> None:
    finish(store, kitchen(store, pk))
    edit(store, 1, lines=(PIZZA, TEA, SOUP))
    wrong = kitchen(store, pk)
    edit(store, 2, lines=(PIZZA, TEA))

    with pytest.raises(RefusedError, match="already"):
        kitchen(store, pk)

    assert known(store, wrong).state is JobState.WITHDRAWN


def test_after_an_uncertain_ticket_the_kitchen_gets_the_whole_order(store: Store, pk: int) -> None:
    finish(store, kitchen(store, pk))
    edit(store, 1, lines=(PIZZA, TEA, SOUP))
    finish(store, kitchen(store, pk), JobState.UNKNOWN)
    edit(store, 2, lines=(PIZZA, SOUP))

    text = words(store, kitchen(store, pk))

    assert "WHOLE ORDER" in text
    assert "2 x Маргарита" in text
    assert "Replaces earlier tickets" in text


def test_a_ticket_that_a_person_found_on_paper_counts_as_printed(store: Store, pk: int) -> None:
    job = kitchen(store, pk)
    finish(store, job, JobState.UNKNOWN)
    printing.confirm(store, job, ANNA)
    assert (known(store, job).state, known(store, job).error) == (JobState.DONE, "Found by anna.")
    edit(store, 1, lines=(PIZZA, TEA, SOUP))

    text = words(store, kitchen(store, pk))

    assert "+ 1 x Soup" in text
    assert "Маргарита" not in text
    with pytest.raises(RefusedError, match="not uncertain"):
        printing.confirm(store, job, ANNA)


def test_a_cancelled_order_is_called_off_in_the_kitchen_and_comes_back_whole(store: Store, pk: int) -> None:
    finish(store, kitchen(store, pk))
    orders.move(store, pk, Status.CANCELLED, ANNA)
    job = kitchen(store, pk)
    assert "CANCELLED - DO NOT COOK" in words(store, job)
    assert "- 2 x Маргарита" in words(store, job)
    finish(store, job)
    orders.undo(store, pk, ANNA)

    assert "WHOLE ORDER" in words(store, kitchen(store, pk))


def test_sections_of_the_kitchen_have_tickets_of_their_own(store: Store, pk: int) -> None:
    finish(store, print_kitchen(store, pk, "bar", ANNA, COMPOSE, section="Bar"))

    job = kitchen(store, pk)

    assert "CHANGED" not in words(store, job)
    assert known(store, job).section == ""


def test_a_reprint_is_a_copy_and_what_never_came_out_is_not_reprinted(store: Store, pk: int) -> None:
    job = kitchen(store, pk)
    with pytest.raises(RefusedError, match="not been printed"):
        printing.reprint(store, job, ANNA)
    finish(store, job)

    copy = known(store, printing.reprint(store, job, ANNA, printer="spare"))
    second = known(store, printing.reprint(store, job, ANNA))

    assert (copy.copy_of, copy.printer, copy.is_copy) == (job, "spare", True)
    assert copy.payload == known(store, job).payload
    finish(store, copy.pk)
    assert known(store, printing.reprint(store, copy.pk, ANNA)).copy_of == job
    assert second.copy_of == job


def test_a_retry_of_what_may_be_on_paper_is_marked(store: Store, pk: int) -> None:
    failed, unknown = print_receipt(store, pk, "front", ANNA, COMPOSE), kitchen(store, pk)
    finish(store, failed, JobState.FAILED)
    finish(store, unknown, JobState.UNKNOWN)

    printing.retry(store, failed, ANNA)
    printing.move(store, unknown, "spare", ANNA)

    first, second = known(store, failed), known(store, unknown)
    assert (first.state, first.is_copy, first.error, first.attempts) == (JobState.QUEUED, False, "", 0)
    assert (second.state, second.is_copy, second.printer) == (JobState.QUEUED, True, "spare")


def test_what_is_printed_or_printing_neither_moves_nor_is_retried(store: Store, pk: int) -> None:
    job = print_receipt(store, pk, "front", ANNA, COMPOSE)
    assert begin_job(store, job)
    with pytest.raises(RefusedError):
        printing.retry(store, job, ANNA)
    with pytest.raises(RefusedError):
        printing.move(store, job, "spare", ANNA)
    end_job(store, job, JobState.DONE)
    with pytest.raises(RefusedError):
        printing.retry(store, job, ANNA)
    with pytest.raises(RefusedError):
        printing.give_up(store, job, ANNA)
    assert known(store, job).state is JobState.DONE


def test_a_ticket_that_nobody_wants_is_given_up(store: Store, pk: int) -> None:
    job = print_receipt(store, pk, "front", ANNA, COMPOSE)

    printing.give_up(store, job, ANNA)

    assert (known(store, job).state, known(store, job).error) == (JobState.WITHDRAWN, "Given up by anna.")
    assert begin_job(store, job) is False


def test_accepted_orders_get_their_tickets_by_themselves_and_once(
    store: Store, pk: int, clock: Clock
) -> None:
    assert print_accepted(store, "grill", ANNA, COMPOSE) == 0
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    assert print_accepted(store, "grill", ANNA, COMPOSE, [pk + 1]) == 0
    assert print_accepted(store, "grill", ANNA, COMPOSE) == 1
    assert print_accepted(store, "grill", ANNA, COMPOSE) == 0
    finish(store, job_rows(store)[0].pk, JobState.UNKNOWN)
    assert print_accepted(store, "grill", ANNA, COMPOSE) == 0
    edit(store, 1, lines=(PIZZA, SOUP))
    assert print_accepted(store, "grill", ANNA, COMPOSE, [pk]) == 1
    orders.move(store, pk, Status.CANCELLED, ANNA)
    assert print_accepted(store, "grill", ANNA, COMPOSE) == 1
    assert print_accepted(store, "grill", ANNA, COMPOSE) == 0


def test_old_orders_and_those_never_accepted_get_no_ticket_by_themselves(
    store: Store, pk: int, clock: Clock
) -> None:
    other = put_in(store, remote_order("2"))[0]
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    orders.move(store, other, Status.CANCELLED, ANNA)
    clock.pass_by(hours=3)

    assert print_accepted(store, "grill", ANNA, COMPOSE) == 0


def test_the_doctor_notices_a_ticket_that_no_printer_takes(store: Store, pk: int, clock: Clock) -> None:
    assert check_prints(store).ok
    print_receipt(store, pk, "front", ANNA, COMPOSE)
    assert (check_prints(store).ok, check_prints(store).detail) == (True, "1 waiting.")
    clock.pass_by(minutes=11)

    found = check_prints(store)

    assert not found.ok
    assert "Ctrl+Shift+P" in found.remedy


def test_the_doctor_tells_the_reason_of_a_printer_that_cannot_be_reached() -> None:
    assert check_printer("front", "").ok
    found = check_printer("front", "10.0.0.9 refused the connection.")
    assert (found.ok, found.detail, found.exit_code) == (False, "10.0.0.9 refused the connection.", 4)
