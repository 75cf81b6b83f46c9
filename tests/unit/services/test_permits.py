"""Every right with every role, asked of the services themselves: what a role may not do is not written."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

import posapp.services
from posapp.domain.backups import BackupPlan
from posapp.domain.catalogue import Category, Product
from posapp.domain.due import zone_of
from posapp.domain.errors import PosError
from posapp.domain.people import ALLOWED, NotAllowedError, NotPermittedError, Right, Role, may
from posapp.domain.sale import Sale
from posapp.domain.shift import Counted, MoveKind
from posapp.domain.status import Status
from posapp.domain.who import Who
from posapp.services import (
    accepting,
    backups,
    bulk,
    catalogue,
    conflicts,
    counter,
    couriers,
    decisions,
    dispatch,
    edits,
    field_conflicts,
    kitchen,
    orders,
    payments,
    people,
    printing,
    privacy,
    publishing,
    repair,
    schedule,
    shifts,
)
from posapp.services.together import Seen
from posapp.storage.people import staff
from posapp.storage.store import Store
from tests.support.shop_orders import ANNA, START, put_in, remote_order, set_rows
from tests.support.till import RULES

UTC_ZONE = zone_of("UTC")
ONE = Decimal("1")
PINS = {Role.COOK: "2580", Role.COUNTER: "1397", Role.COURIER_DESK: "8024", Role.MANAGER: "735928"}
TEA = Product("tea", "Tea", Decimal("300"))
S, R = Status, Right

Call = Callable[[Store, Who, int], object]


def to(target: Status) -> Call:
    return lambda store, who, pk: orders.move(store, pk, target, who)


# The steps that come first, what is done then, and the right that it needs.
MOVES: tuple[tuple[str, Right, tuple[Status, ...], Call], ...] = (
    ("accept", R.ACCEPT, (), to(S.ACCEPTED)),
    (
        "promise",
        R.ACCEPT,
        (),
        lambda s, w, pk: accepting.accept(s, pk, START + timedelta(hours=1), w),
    ),
    ("schedule", R.ACCEPT, (), lambda s, w, pk: orders.schedule(s, pk, START + timedelta(hours=3), w)),
    ("several", R.ACCEPT, (), lambda s, w, pk: bulk.next_step(s, [Seen(pk)], w)),
    ("edited", R.EDIT, (), to(S.EDITED)),
    ("cancel new", R.CANCEL_NEW, (), to(S.CANCELLED)),
    ("cook", R.FORWARD, (S.ACCEPTED,), to(S.COOKING)),
    ("start", R.FORWARD, (S.TIMING,), lambda s, w, pk: schedule.start_now(s, pk, UTC_ZONE, w)),
    (
        "send out",
        R.FORWARD,
        (S.ACCEPTED, S.COOKING),
        lambda s, w, pk: dispatch.send_out(s, [Seen(pk)], w),
    ),
    (
        "deliver",
        R.FORWARD,
        (S.ACCEPTED, S.COOKING, S.ONDELIVERY),
        lambda s, w, pk: dispatch.deliver(s, [Seen(pk)], w),
    ),
    ("cancel accepted", R.CANCEL, (S.ACCEPTED,), to(S.CANCELLED)),
    ("cancel on its way", R.CANCEL, (S.ACCEPTED, S.COOKING, S.ONDELIVERY), to(S.CANCELLED)),
    (
        "came back",
        R.DISPATCH,
        (S.ACCEPTED, S.COOKING, S.ONDELIVERY),
        lambda s, w, pk: dispatch.came_back(s, [Seen(pk)], w),
    ),
    ("undo", R.FORWARD, (S.ACCEPTED, S.COOKING), lambda s, w, pk: orders.undo(s, pk, w)),
    ("undo cancel", R.CANCEL_NEW, (S.CANCELLED,), lambda s, w, pk: orders.undo(s, pk, w)),
)

# What needs its right whatever else is true: the arguments need not make sense.
ACTS: tuple[tuple[str, Right, Call], ...] = (
    ("notice", R.NOTICE, lambda s, w, pk: orders.acknowledge(s, [pk], w)),
    ("tick", R.KITCHEN, lambda s, w, pk: kitchen.tick(s, pk, "x", "", w)),
    ("bump", R.KITCHEN, lambda s, w, pk: kitchen.bump(s, pk, "", (), w)),
    ("recall", R.KITCHEN, lambda s, w, pk: kitchen.recall(s, pk, "", w)),
    ("see edits", R.KITCHEN, lambda s, w, pk: kitchen.see_edits(s, pk, w)),
    ("edit", R.EDIT, lambda s, w, pk: edits.save(s, pk, {"comment": "call"}, w, UTC_ZONE)),
    ("undo edit", R.EDIT, lambda s, w, pk: edits.undo_save(s, pk, w)),
    ("assign", R.DISPATCH, lambda s, w, pk: dispatch.assign(s, [Seen(pk)], 1, w)),
    ("unassign", R.DISPATCH, lambda s, w, pk: dispatch.unassign(s, [Seen(pk)], w)),
    ("cash in hand", R.DISPATCH, lambda s, w, _: dispatch.take_cash(s, 1, ONE, "KZT", w, expected=ONE)),
    ("on duty", R.DISPATCH, lambda s, w, _: couriers.set_duty(s, 1, w, on_duty=True)),
    ("add courier", R.COURIERS, lambda s, w, _: couriers.add(s, "Dana", w)),
    ("drop courier", R.COURIERS, lambda s, w, _: couriers.remove(s, 1, w)),
    ("draft", R.SELL, lambda s, w, _: counter.save_draft(s, "", Sale(), w)),
    ("drop draft", R.SELL, lambda s, w, _: counter.drop_draft(s, "x", w)),
    ("sell", R.SELL, lambda s, w, _: counter.sell(s, Sale(), RULES, w)),
    ("pay", R.SELL, lambda s, w, pk: payments.pay(s, pk, [], RULES, w)),
    ("refund", R.REFUND, lambda s, w, pk: payments.refund_order(s, pk, RULES, w, reason="cold")),
    ("reverse", R.REFUND, lambda s, w, pk: payments.reverse(s, pk, 1, RULES, w, reason="typo")),
    ("open shift", R.SHIFT, lambda s, w, _: shifts.open_shift(s, ONE, RULES, w)),
    ("cash out", R.SHIFT, lambda s, w, _: shifts.move_cash(s, MoveKind.OUT, ONE, "bank", w)),
    ("x", R.SHIFT, lambda s, w, _: shifts.x_report(s, w)),
    ("z", R.SHIFT, lambda s, w, _: shifts.close_shift(s, Counted(sum=ONE), w)),
    ("drawer", R.DRAWER, lambda s, w, _: printing.open_drawer(s, "bar", w, "{}")),
    ("reprint", R.PRINT, lambda s, w, _: printing.reprint(s, 1, w)),
    ("print again", R.PRINT, lambda s, w, _: printing.retry(s, 1, w)),
    ("sold out", R.SOLD_OUT, lambda s, w, _: catalogue.set_sold_out(s, "tea", None, w)),
    ("product", R.CATALOGUE, lambda s, w, _: catalogue.save_product(s, TEA, "KZT", w)),
    ("category", R.CATALOGUE, lambda s, w, _: catalogue.save_category(s, Category("Teas"), w)),
    ("publish", R.CATALOGUE, lambda s, w, _: publishing.queue_all(s, [], w)),
    ("retry", R.RESOLVE, lambda s, w, _: conflicts.retry(s, ["abcd"], w)),
    ("theirs", R.RESOLVE, lambda s, w, pk: conflicts.resolve(s, pk, "theirs", w)),
    ("fields", R.RESOLVE, lambda s, w, pk: field_conflicts.resolve_fields(s, pk, {}, w)),
    ("discard", R.DISCARD, lambda s, w, _: conflicts.discard(s, ["abcd"], "no", w)),
    ("give up", R.DISCARD, lambda s, w, pk: decisions.give_up(s, pk, "no", w)),
    ("back up", R.EXPORT, lambda s, w, _: backups.back_up_now(s, BackupPlan(), w)),
    ("try a restore", R.RESTORE, lambda s, w, _: backups.try_restore(s, BackupPlan(), w)),
    ("anonymise", R.ERASE, lambda s, w, _: privacy.anonymise(s, START, w)),
    ("find a customer", R.ERASE, lambda s, w, _: privacy.find_customer(s, "7012341806", w)),
    ("forget a customer", R.ERASE, lambda s, w, _: privacy.forget_customer(s, "7012341806", w)),
    ("repair", R.RESTORE, lambda s, w, _: repair.repair(s, w)),
    ("add person", R.STAFF, lambda s, w, _: people.add_person(s, "New", Role.COOK, "7391", w)),
    ("new pin", R.STAFF, lambda s, w, _: people.set_pin(s, staff(s)[0].id, "739128", w)),
)


def sign_in(store: Store, role: Role) -> Who:
    """Let people work here, and one of them sign in."""
    boss = people.add_person(store, "Olga", Role.MANAGER, PINS[Role.MANAGER], ANNA)
    manager = people.sign_in(store, boss.id, PINS[Role.MANAGER], ANNA.station).who
    if role is Role.MANAGER:
        return manager
    person = people.add_person(store, "Aigerim", role, PINS[role], manager)
    return people.sign_in(store, person.id, PINS[role], ANNA.station).who


def outcome(call: Call, store: Store, who: Who, pk: int) -> PosError | None:
    try:
        call(store, who, pk)
    except PosError as error:
        return error
    return None


def footprint(store: Store) -> list[tuple[object, ...]]:
    """Return what any act would leave behind."""
    counted = ("events", "outbox", "drafts", "couriers", "products", "categories", "shifts", "staff")
    rows: list[tuple[object, ...]] = [
        (name, *row)
        for name in counted
        for row in store.all(f"SELECT count(*) FROM {name}")  # noqa: S608
    ]
    return rows + store.all("SELECT pk, status, version, noticed_at FROM orders ORDER BY pk")


def check(store: Store, role: Role, right: Right, call: Call, pk: int, who: Who) -> None:
    before = footprint(store)
    error = outcome(call, store, who, pk)
    if may(role, right):
        assert not isinstance(error, NotPermittedError), error
    else:
        assert isinstance(error, NotAllowedError)
        assert error.right is right
        assert "needs a manager" in error.title
        assert footprint(store) == before


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("name", "right", "steps", "call"), MOVES, ids=[row[0] for row in MOVES])
def test_every_step_of_an_order_asks_for_its_right(
    store: Store, role: Role, name: str, right: Right, steps: tuple[Status, ...], call: Call
) -> None:
    assert name
    (pk,) = put_in(store, remote_order("1"))
    for step in steps:
        orders.move(store, pk, step, ANNA)
    check(store, role, right, call, pk, sign_in(store, role))


@pytest.mark.parametrize("role", list(Role))
def test_every_other_act_asks_for_its_right(store: Store, role: Role) -> None:
    (pk,) = put_in(store, remote_order("1"))
    who = sign_in(store, role)
    for _, right, call in ACTS:
        check(store, role, right, call, pk, who)


@pytest.mark.parametrize("role", list(Role))
def test_sending_ours_over_the_decision_of_the_shop_is_a_managers(store: Store, role: Role) -> None:
    (pk,) = put_in(store, remote_order("1"))
    orders.move(store, pk, Status.ACCEPTED, ANNA)
    set_rows(store, pk, "conflict", theirs="cancelled")
    who = sign_in(store, role)
    right = Right.RESOLVE if not may(role, Right.RESOLVE) else Right.REASSERT
    check(store, role, right, lambda s, w, pk: conflicts.resolve(s, pk, "mine", w), pk, who)


def test_every_right_is_tried_by_a_test_here() -> None:
    tried = {row[1] for row in (*MOVES, *ACTS)} | {Right.REASSERT}
    elsewhere = {
        Right.STEP_BACK,  # below
        *(Right.SHIFT_GAP, Right.BIG_DIFFERENCE, Right.BIG_DISCOUNT),  # test_shifts.py, test_counter.py
        Right.PROMO,  # test_promos.py
        Right.SETTINGS,  # no service: the doors ask, see tests/flow/cli
    }
    assert tried | elsewhere == set(Right)
    assert not tried & elsewhere


def test_the_roles_are_what_the_design_says() -> None:
    everything: Mapping[Role, frozenset[Right]] = ALLOWED
    assert everything[Role.MANAGER] == frozenset(Right)
    assert Right.CANCEL not in everything[Role.COUNTER]
    assert Right.REFUND not in everything[Role.COUNTER]
    assert {Right.FORWARD, Right.KITCHEN} <= everything[Role.COOK]
    assert Right.ACCEPT not in everything[Role.COOK]


def test_a_finished_order_is_taken_back_later_only_by_a_manager(store: Store, clock: object) -> None:
    (pk,) = put_in(store, remote_order("1"))
    for step in (Status.ACCEPTED, Status.COOKING, Status.ONDELIVERY):
        orders.move(store, pk, step, ANNA)
    who = sign_in(store, Role.COUNTER)
    orders.move(store, pk, Status.DELIVERED, who)
    orders.undo(store, pk, who)
    orders.move(store, pk, Status.DELIVERED, who)
    clock.pass_by(minutes=2)  # type: ignore[attr-defined]

    with pytest.raises(NotAllowedError) as caught:
        orders.undo(store, pk, who)

    assert caught.value.right is Right.STEP_BACK


# Programs' own work: nobody's permission is needed, or who calls has asked already.
PROGRAMS = {
    "queue_returned": "dishes come back by themselves",
    "anonymise_due": "by age, as the settings say",
    "erase_old": "check_erase asks first, or the settings of a manager do",
    "erase_customer": "check_erase asks first",
    "start_due": "scheduled orders start at their time",
    "print_accepted": "printed by itself when an order is accepted",
    "keep_shop_info": "what a shop tells is kept",
    "sign_out": "leaving needs no right",
    "recover": "the way back when nobody knows a manager's PIN; the command waits and asks at a terminal",
    "drop_approvals": "taking back needs no right",
    "approve": "the manager's PIN is the right",
}
_ASKS = (
    "permit vouch check_trial move_in undo_in resolve_in discard_in edit_sale_in save_in pay reverse _move "
    "accept_in _keep _check_right _decided"
)
ASKS = frozenset(_ASKS.split()) | {"check_trial", "check_erase"}


def _public_acts() -> list[tuple[str, str, frozenset[str]]]:
    """Return every public service that is handed a store and a person, with what it calls."""
    found = []
    folder = Path(next(iter(posapp.services.__path__)))
    for path in sorted(folder.glob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            names = [each.arg for each in (*node.args.args, *node.args.kwonlyargs)]
            if names[:1] != ["store"] or "who" not in names:
                continue
            called = [each.func for each in ast.walk(node) if isinstance(each, ast.Call)]
            calls = {each.id for each in called if isinstance(each, ast.Name)}
            calls |= {each.attr for each in called if isinstance(each, ast.Attribute)}
            found.append((path.name, node.name, frozenset(calls)))
    return found


def test_no_act_forgets_to_ask() -> None:
    acts = _public_acts()
    assert len(acts) > 60
    silent = {f"{file}:{name}" for file, name, calls in acts if name not in PROGRAMS and not calls & ASKS}
    assert silent == set()
