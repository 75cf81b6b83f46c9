"""Editing an order's details: checked, merged with what others changed meanwhile, queued for the remote."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from zoneinfo import ZoneInfo

from posapp.domain.errors import RefusedError, StaleOrderError
from posapp.domain.money import change_to_bring, format_money
from posapp.domain.outbox import Change
from posapp.domain.people import Right
from posapp.domain.rules import check_values
from posapp.domain.status import PaymentMethod, Status
from posapp.domain.timing import urgency
from posapp.domain.who import Who
from posapp.services.edit_queue import queue_edit, renew_asked
from posapp.services.kitchen_marks import watched
from posapp.services.line_edits import LineEdit, put_lines, read_lines, restore_lines
from posapp.services.order_fields import (
    CART,
    STAFF,
    fields_of,
    order_format,
    read_shadow,
    read_values,
    save_shadow,
    write_values,
)
from posapp.services.orders import move_in, undo_in
from posapp.services.permits import permit
from posapp.services.steps import Facts, read_facts, refresh_sync
from posapp.storage.store import Store, Transaction

# What is in the order and how it gets to the customer: kitchen and courier have to see a change of it.
_CONTENTS_OR_DELIVERY = frozenset(
    {
        CART, "street", "home", "apt", "entrance", "level", "addressline", "city", "district", "comment",
        "due_at", "delivery_class", "shipping_cost",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Saved:
    """The outcome of a save: which fields changed, and what is only strange about them."""

    pk: int
    code: str
    fields: tuple[str, ...]
    status: Status
    warnings: Mapping[str, str] = field(default_factory=dict)


class EditedMeanwhileError(StaleOrderError):
    """Somebody else changed fields that this save changes too; `theirs` has their values by field."""

    def __init__(self, code: str, theirs: Mapping[str, str]) -> None:
        names = ", ".join(sorted(theirs))
        super().__init__(
            f"Order #{code} was changed by somebody else meanwhile.",
            f"Also changed there: {names}. Nothing was overwritten.",
            "Compare both, then save again.",
            dict.fromkeys(theirs, "Changed by somebody else meanwhile."),
        )
        self.theirs = dict(theirs)


def save(
    store: Store,
    pk: int,
    values: Mapping[str, str],
    who: Who,
    zone: ZoneInfo,
    *,
    base: Mapping[str, str] | None = None,
    lines: Sequence[LineEdit] | None = None,
    whole: bool = False,
    origin: str = "",
) -> Saved:
    """Save fields as a person typed them, and the lines where given; all or nothing, in one transaction.

    `base`: the canonical values that the person saw (and "cart"); a field that somebody else changed since is
    not overwritten. `whole`: required fields have to be filled in. Raises RefusedError with the fields that
    are not valid, EditedMeanwhileError.
    """
    with store.write(origin) as tx:
        permit(tx, who, Right.EDIT)
        return save_in(tx, pk, values, who, zone, base=base, lines=lines, whole=whole)


def save_in(
    tx: Transaction,
    pk: int,
    values: Mapping[str, str],
    who: Who,
    zone: ZoneInfo,
    *,
    base: Mapping[str, str] | None = None,
    lines: Sequence[LineEdit] | None = None,
    whole: bool = False,
) -> Saved:
    """Do what `save` does as a part of a larger act."""
    permit(tx, who, Right.EDIT)
    with watched(tx, pk):
        facts = read_facts(tx, pk)
        format_name = order_format(tx, pk)
        here = read_values(tx, pk, format_name, [*fields_of(format_name), CART])
        wanted, warnings = _checked(facts.code, format_name, values, zone, here, whole=whole)
        before_lines = read_lines(tx, pk) if lines is not None else ""
        _refuse_overwriting(facts.code, wanted, here, base, lines_given=lines is not None)
        changed = {name: Change(here[name], text) for name, text in wanted.items() if here[name] != text}
        if changed:
            write_values(tx, pk, format_name, {name: change.ours for name, change in changed.items()})
        if lines is not None:
            put_lines(tx, pk, lines, priced_there=format_name == STAFF and facts.remote is not None)
            after = read_values(tx, pk, format_name, [CART])[CART]
            if after != here[CART] or read_lines(tx, pk) != before_lines:
                changed[CART] = Change(here[CART], after)
        warnings = {**warnings, **_short_of_change(tx, pk, wanted)}
        if not changed:
            return Saved(pk, facts.code, (), facts.status, warnings)
        status = _follow_up(tx, facts, format_name, changed, who, kind="edited", lines=before_lines)
    return Saved(pk, facts.code, tuple(changed), status, warnings)


def _checked(
    code: str,
    format_name: str,
    values: Mapping[str, str],
    zone: ZoneInfo,
    here: Mapping[str, str],
    *,
    whole: bool,
) -> tuple[dict[str, str], Mapping[str, str]]:
    """Return the canonical values with what is only strange about them; raise RefusedError for the others."""
    checked = check_values(format_name, values, zone, before=here, whole=whole)
    if checked.errors:
        raise RefusedError(
            f"Order #{code} was not saved.",
            " ".join(checked.errors[name] for name in checked.errors),
            "Correct what is named, then save again.",
            checked.errors,
        )
    return dict(checked.values), checked.warnings


def put_in(tx: Transaction, pk: int, values: Mapping[str, str], who: Who) -> None:
    """Put canonical values into an order inside the transaction of a larger act, as an edit of its own."""
    facts, format_name = read_facts(tx, pk), order_format(tx, pk)
    here = read_values(tx, pk, format_name, values)
    changed = {name: Change(here[name], text) for name, text in values.items() if here[name] != text}
    if changed:
        write_values(tx, pk, format_name, {name: change.ours for name, change in changed.items()})
        _follow_up(tx, facts, format_name, changed, who, kind="edited")


def _short_of_change(tx: Transaction, pk: int, wanted: Mapping[str, str]) -> dict[str, str]:
    """Warn of a customer who gives less than the order comes to: it is what was said, so it may stand."""
    given = wanted.get("change", "")
    row = tx.one("SELECT total, currency, payment_method FROM orders WHERE pk = ?", (pk,))
    if not given or row is None or row[2] != PaymentMethod.CASH:
        return {}
    left = change_to_bring(Decimal(row[0]), given)
    if left is None or left >= 0:
        return {}
    return {
        "change": f"The customer gives {format_money(-left, row[1])} less than the total. Ask the customer."
    }


def undo_save(store: Store, pk: int, who: Who, *, origin: str = "") -> Saved:
    """Take the last save of an order back; what somebody changed since stays.

    Raises RefusedError when there is none to take back.
    """
    with store.write(origin) as tx, watched(tx, pk):
        permit(tx, who, Right.EDIT)
        facts = read_facts(tx, pk)
        params = _last_save(tx, facts)
        format_name = order_format(tx, pk)
        before, after = json.loads(params["before"]), json.loads(params["after"])
        here = read_values(tx, pk, format_name, after)
        back = {name: Change(here[name], before[name]) for name in after if here[name] == after[name]}
        if not back:
            raise RefusedError(
                f"The last save of order #{facts.code} cannot be taken back.", "It was changed again since."
            )
        if params.get("status") == "edited" and facts.status is Status.EDITED:
            undo_in(tx, pk, who)
            facts = read_facts(tx, pk)
        write_values(tx, pk, format_name, {name: change.ours for name, change in back.items()})
        if CART in back:
            restore_lines(tx, pk, params["lines"])
        _follow_up(tx, facts, format_name, back, who, kind="edit undone")
    return Saved(pk, facts.code, tuple(back), facts.status)


def _refuse_overwriting(
    code: str,
    wanted: Mapping[str, str],
    here: Mapping[str, str],
    base: Mapping[str, str] | None,
    *,
    lines_given: bool,
) -> None:
    if base is None:
        return
    names = [*wanted, CART] if lines_given else [*wanted]
    theirs = {
        name: here[name]
        for name in names
        if name in base and here[name] != base[name] and wanted.get(name, "") not in {here[name], base[name]}
    }
    if theirs:
        raise EditedMeanwhileError(code, theirs)


def _follow_up(
    tx: Transaction,
    facts: Facts,
    format_name: str,
    changed: Mapping[str, Change],
    who: Who,
    *,
    kind: str,
    lines: str = "",
) -> Status:
    """Write down all that follows from changed fields: what is compared, queued, shown and told."""
    pk, goes_out = facts.pk, facts.remote is not None and format_name == STAFF
    # Of a cart, a staff shop takes neither options nor notes: such a change is none there.
    told = {name: change for name, change in changed.items() if change.base != change.ours or not goes_out}
    if facts.remote is not None:
        # What was here before the first edit is what the remote showed last.
        known = read_shadow(tx, pk)
        save_shadow(tx, pk, {name: change.base for name, change in told.items()} | known)
    tx.execute("UPDATE orders SET version = version + 1 WHERE pk = ?", (pk,))
    if "due_at" in changed:
        now = read_facts(tx, pk)
        key = urgency(now.status, now.moments, now.planned_at or now.due_at)
        tx.execute("UPDATE orders SET urgency = ? WHERE pk = ?", (key, pk))
    if goes_out:
        queue_edit(tx, facts, told, who, undo=kind != "edited")
    else:
        renew_asked(tx, pk, changed)
    params = {
        "fields": ", ".join(changed),
        "before": json.dumps({name: change.base for name, change in changed.items()}, ensure_ascii=False),
        "after": json.dumps({name: change.ours for name, change in changed.items()}, ensure_ascii=False),
        "kept": _kept(facts, changed, told, goes_out=goes_out),
    }
    if lines:
        params["lines"] = lines
    status = facts.status
    if kind == "edited" and _becomes_edited(facts, format_name, changed):
        params["status"] = "edited"
        status = move_in(tx, pk, Status.EDITED, who).after
    tx.event(pk, kind, who, params)
    if facts.remote is not None:
        refresh_sync(tx, pk)
    tx.touch(pk)
    return status


def _kept(facts: Facts, changed: Mapping[str, Change], told: Mapping[str, Change], *, goes_out: bool) -> str:
    """Return what the history says of what the remote does not take: "here" all of it, "words" of lines."""
    if facts.remote is None:
        return ""
    if not goes_out:
        return "here"
    return "words" if changed.keys() != told.keys() else ""


def _becomes_edited(facts: Facts, format_name: str, changed: Mapping[str, Change]) -> bool:
    """Tell whether the edit makes the order “edited”: only before cooking, and not one of our own counter.

    A new order of a staff shop stays new: “edited” is told to such a shop as “accepted” (docs/sync.md).
    """
    if facts.remote is None or not _CONTENTS_OR_DELIVERY & changed.keys():
        return False
    if facts.status is Status.CREATED:
        return format_name != STAFF
    return facts.status in {Status.ACCEPTED, Status.TIMING}


def _last_save(tx: Transaction, facts: Facts) -> Mapping[str, str]:
    undone = 0
    rows = tx.all(
        "SELECT kind, params FROM events WHERE order_pk = ? AND kind IN ('edited', 'edit undone') "
        "ORDER BY pk DESC LIMIT 50",
        (facts.pk,),
    )
    for kind, params in rows:
        if kind == "edit undone":
            undone += 1
        elif undone:
            undone -= 1
        else:
            return dict(json.loads(params))
    raise RefusedError(f"There is no save of order #{facts.code} to take back.")
