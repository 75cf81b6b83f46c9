"""What the fields that the remote shows mean for edits of ours: there, adopted, or for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from posapp.domain.outbox import (
    AdoptFields,
    Change,
    Confirm,
    Effect,
    FieldsConflict,
    OrderSync,
    ReassertFields,
    Row,
    SeenFields,
)
from posapp.domain.status import WAITING_ROWS, RowState

MOST_REASSERTS = 2


def about_fields(view: OrderSync, seen: Mapping[str, str]) -> list[Effect]:
    """Judge the values of edited fields; an empty answer or only SeenFields: our next edit may go out."""
    edited = {name for row in view.edits for name in row.patch}
    news = {
        name: value
        for name, value in seen.items()
        if name in view.shadow_fields and view.shadow_fields[name] != value
    }
    effects: list[Effect] = [SeenFields(news)] if news else []
    effects += _about_edits(view, view.edits, seen)
    # An edit that was taken back while theirs was noted leaves theirs to be taken over, though it is no news.
    noted = news if view.keeps_edits else {name: seen[name] for name in seen if name in view.shadow_fields}
    at_rest = {name: value for name, value in noted.items() if name not in edited}
    return effects + _about_rest(view, at_rest)


def _about_edits(view: OrderSync, rows: Sequence[Row], seen: Mapping[str, str]) -> list[Effect]:
    if not rows:
        return []
    asked = [row for row in rows if row.state is not RowState.PARKED and row.state not in WAITING_ROWS]
    head = next((row for row in rows if row.state in WAITING_ROWS), None)
    effects: list[Effect] = []
    for row in [*asked, *(row for row in rows if row.state is RowState.PARKED)]:
        if _is_there(row, seen) and (row.reached > 0 or not _was_there(row, view)):
            effects.append(Confirm(row.seq, "found"))
        elif row.state is RowState.CONFLICT:
            effects += _still_asked(view, row, seen)
    if head is None:
        return effects
    if _is_there(head, seen):
        return [*effects, Confirm(head.seq, "found")]
    against = _against(view, head, seen)
    if against:
        words = _stored_otherwise(against) if head.last_class == "ok" else _words(against)
        effects.append(FieldsConflict(head.seq, against, words))
    return effects


def _is_there(row: Row, seen: Mapping[str, str]) -> bool:
    return all(seen.get(name) == change.ours for name, change in row.patch.items())


def _was_there(row: Row, view: OrderSync) -> bool:
    return all(view.shadow_fields.get(name) == change.ours for name, change in row.patch.items())


def _against(view: OrderSync, row: Row, seen: Mapping[str, str]) -> dict[str, Change]:
    """Return what somebody else made different from both what it was and what we want."""
    found: dict[str, Change] = {}
    for name, change in row.patch.items():
        value = seen.get(name)
        if value is None or value in {change.ours, change.base}:
            continue
        if value in view.sent_fields.get(name, frozenset()) or _is_later(view, row, name, value):
            continue
        found[name] = Change(change.base, change.ours, value)
    return found


def _is_later(view: OrderSync, row: Row, name: str, value: str) -> bool:
    return any(
        other.seq > row.seq and name in other.patch and other.patch[name].ours == value
        for other in view.edits
    )


def _still_asked(view: OrderSync, row: Row, seen: Mapping[str, str]) -> list[Effect]:
    """Show the person who is asked what the remote has by now."""
    against = _against(view, row, seen)
    before = {name: change.theirs for name, change in row.patch.items() if change.theirs is not None}
    after = {name: change.theirs for name, change in against.items()}
    return [FieldsConflict(row.seq, against, _words(against))] if against and before != after else []


def _about_rest(view: OrderSync, news: Mapping[str, str]) -> list[Effect]:
    """Judge fields of which nothing of ours is unsent."""
    other = {name: value for name, value in news.items() if value != view.fields.get(name, value)}
    if not other:
        return []
    if view.keeps_edits:
        # Both sides changed it, and ours can never be sent.
        patch = {
            name: Change(view.shadow_fields[name], view.fields[name], value) for name, value in other.items()
        }
        return [FieldsConflict(None, patch, _words(patch))]
    late = {
        name: value
        for name, value in other.items()
        if view.settle_at is not None and value in view.sent_fields.get(name, frozenset())
    }
    theirs = {name: value for name, value in other.items() if name not in late}
    effects: list[Effect] = [AdoptFields(theirs)] if theirs else []
    if not late:
        return effects
    if view.reasserts < MOST_REASSERTS:
        # A write of ours that was given up has arrived after all.
        again = {name: Change(value, view.fields[name]) for name, value in late.items()}
        return [*effects, ReassertFields(again)]
    patch = {name: Change(value, view.fields[name], value) for name, value in late.items()}
    return [*effects, FieldsConflict(None, patch, _words(patch))]


def _stored_otherwise(patch: Mapping[str, Change]) -> str:
    """Explain that nobody else need have changed it: some shops write what they get in their own way."""
    kept = [f"{name} as “{change.theirs}”" for name, change in sorted(patch.items()) if name != "cart"]
    names = ", ".join(kept) or "other lines"
    return f"The shop took the edit, but has {names}. Take the shop's if that is right."


def _words(patch: Mapping[str, Change]) -> str:
    names = ", ".join(sorted(patch))
    return f"Changed here and, differently, at the shop: {names}."
