"""What is remembered of a shop's connection, and what ends it."""

from __future__ import annotations

from datetime import timedelta

from posapp.services import remotes
from posapp.storage.details import remote_rows, sync_summary
from posapp.storage.rows import RemoteRow
from posapp.storage.store import Store
from tests.support.shop_orders import Clock


def only_row(store: Store) -> RemoteRow:
    (row,) = remote_rows(store)
    return row


def test_other_trouble_does_not_hide_that_a_key_is_wanted(store: Store) -> None:
    remotes.note_trouble(store, "alma", "sign_in", "The key is not known.")
    remotes.note_trouble(store, "alma", "not_sent", "It refuses connections.")

    row = only_row(store)
    assert (row.trouble, row.detail, row.sign_in) == ("sign_in", "The key is not known.", True)
    assert sync_summary(store).attention == 1


def test_a_good_answer_ends_sign_in_trouble(store: Store) -> None:
    remotes.note_trouble(store, "alma", "sign_in", "The key is not known.")
    remotes.note_ok(store, "alma", pulled=True)
    remotes.note_trouble(store, "alma", "not_sent", "It refuses connections.")

    row = only_row(store)
    assert (row.trouble, row.detail, row.sign_in) == ("not_sent", "It refuses connections.", False)


def test_a_new_secret_ends_sign_in_trouble_of_its_shop_alone(store: Store) -> None:
    for name in ("alma", "bela"):
        remotes.note_trouble(store, name, "sign_in", "The key is not known.")
    remotes.note_new_secret(store, "alma")

    assert [(row.trouble, row.sign_in) for row in remote_rows(store)] == [("", False), ("sign_in", True)]


def test_a_new_secret_does_not_end_other_trouble(store: Store) -> None:
    remotes.note_trouble(store, "alma", "portal", "A page.")
    remotes.note_new_secret(store, "alma")

    assert only_row(store).trouble == "portal"


def test_having_a_key_again_does_not_make_a_refused_one_good(store: Store) -> None:
    remotes.note_trouble(store, "alma", "sign_in", "The key is not known.")
    remotes.note_new_secret(store, "alma", instead_of="There is no key.")
    assert only_row(store).sign_in

    remotes.note_trouble(store, "alma", "sign_in", "There is no key.")
    remotes.note_new_secret(store, "alma", instead_of="There is no key.")
    assert not only_row(store).sign_in


def test_sign_in_trouble_takes_the_place_of_other_trouble_and_keeps_its_beginning(
    store: Store, clock: Clock
) -> None:
    began = clock()
    remotes.note_trouble(store, "alma", "portal", "A page.")
    clock.now += timedelta(minutes=3)
    remotes.note_trouble(store, "alma", "sign_in", "The key is not known.")

    row = only_row(store)
    assert (row.trouble, row.sign_in, row.trouble_since) == ("sign_in", True, began)


def test_until_when_to_wait_survives_answers_and_ends_with_the_shop(store: Store, clock: Clock) -> None:
    until = clock() + timedelta(seconds=60)
    remotes.note_throttle(store, "alma", until)
    assert only_row(store).trouble == ""
    remotes.note_ok(store, "alma", pulled=True)
    remotes.note_trouble(store, "alma", "portal", "A page.")
    remotes.note_new_secret(store, "alma")
    assert remotes.throttled_until(store, "alma") == until
    assert remotes.throttled_until(store, "bela") is None

    remotes.forget(store, "alma")
    assert remotes.throttled_until(store, "alma") is None
