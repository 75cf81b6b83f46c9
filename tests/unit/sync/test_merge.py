"""What a value that the shop shows means for ours."""

from __future__ import annotations

import pytest

from posapp.domain.outbox import (
    Adopt,
    Confirm,
    Effect,
    FieldsConflict,
    Reassert,
    ReassertFields,
    Revive,
    Seen,
    Supersede,
    ToConflict,
)
from posapp.domain.status import RowState, Status
from posapp.sync.merge import about_order, about_rows, judge
from tests.unit.sync.views import (
    ACCEPTED,
    CANCELLED,
    COOKING,
    CREATED,
    DELIVERED,
    EDITED,
    ONDELIVERY,
    TIMING,
    chain,
    later,
    row,
    view,
)

PARKED, CONFLICT, DEAD = RowState.PARKED, RowState.CONFLICT, RowState.DEAD


def kinds(effects: list[Effect]) -> list[str]:
    return [type(effect).__name__ for effect in effects]


def goes_out(effects: list[Effect]) -> bool:
    return all(isinstance(effect, Seen) for effect in effects)


# -- something of ours waits ---------------------------------------------------------------------------


def test_our_value_at_the_shop_confirms_without_sending() -> None:
    assert about_rows(view(*chain(CREATED, ACCEPTED)), ACCEPTED) == [Seen(ACCEPTED), Confirm(1, "found")]


def test_the_value_that_was_there_lets_ours_out() -> None:
    assert about_rows(view(*chain(CREATED, ACCEPTED)), CREATED) == []


def test_an_older_value_of_ours_lets_ours_out() -> None:
    order = view(row(3, COOKING, ONDELIVERY), shadow=COOKING, sent={ACCEPTED, COOKING})
    assert about_rows(order, ACCEPTED) == [Seen(ACCEPTED)]


@pytest.mark.parametrize("theirs", [TIMING, EDITED])
def test_a_foreign_value_of_the_same_rank_is_noted_and_ours_goes_out(theirs: Status) -> None:
    assert about_rows(view(*chain(CREATED, ACCEPTED)), theirs) == [Seen(theirs, foreign=True)]


def test_a_foreign_value_behind_ours_is_noted_and_ours_goes_out() -> None:
    assert about_rows(view(*chain(ACCEPTED, COOKING), shadow=ACCEPTED), EDITED) == [
        Seen(EDITED, foreign=True)
    ]


@pytest.mark.parametrize("theirs", [COOKING, ONDELIVERY, DELIVERED, CANCELLED])
def test_a_foreign_value_ahead_of_ours_is_a_conflict(theirs: Status) -> None:
    effects = about_rows(view(*chain(CREATED, ACCEPTED)), theirs)
    assert kinds(effects) == ["Seen", "ToConflict"]
    assert effects[0] == Seen(theirs, foreign=True)


def test_a_foreign_value_that_a_later_change_of_ours_wants_too_confirms_that_one() -> None:
    effects = about_rows(view(*chain(CREATED, ACCEPTED, COOKING, ONDELIVERY)), COOKING)
    assert effects == [Seen(COOKING), Supersede(1, "the shop is at cooking already"), Confirm(2, "found")]


def test_a_foreign_cancel_stops_a_forward_move_that_waits() -> None:
    effects = about_rows(view(*chain(ACCEPTED, COOKING), shadow=ACCEPTED), CANCELLED)
    assert [effect.theirs for effect in effects if isinstance(effect, ToConflict)] == [CANCELLED]


def test_a_foreign_cancel_stays_a_conflict_after_it_was_noted() -> None:
    order = view(*chain(ACCEPTED, COOKING), shadow=CANCELLED)
    assert not goes_out(about_rows(order, CANCELLED))


def test_a_final_value_of_ours_may_be_taken_back() -> None:
    undone = row(2, CANCELLED, COOKING)
    assert about_rows(view(undone, shadow=CANCELLED, sent={CANCELLED}), CANCELLED) == []


def test_a_final_value_of_somebody_else_may_not_be_taken_back_without_force() -> None:
    undone = row(2, CANCELLED, COOKING)
    assert not goes_out(about_rows(view(undone, shadow=CANCELLED), CANCELLED))


def test_a_person_may_overwrite_the_final_value_that_was_shown() -> None:
    forced = row(2, CANCELLED, COOKING, forced=True)
    assert goes_out(about_rows(view(forced, shadow=CANCELLED), CANCELLED))


def test_force_does_not_reach_a_final_value_that_the_person_never_saw() -> None:
    forced = row(2, ONDELIVERY, COOKING, forced=True)
    assert not goes_out(about_rows(view(forced, shadow=ONDELIVERY), CANCELLED))


# -- a person is asked ---------------------------------------------------------------------------------


def test_a_conflict_ends_when_the_shop_comes_to_our_value() -> None:
    conflict = row(1, CANCELLED, COOKING, state=CONFLICT, theirs="cancelled")
    assert Confirm(1, "found") in about_rows(view(conflict, shadow=CANCELLED), COOKING)


def test_a_conflict_shows_the_newest_value_of_the_shop() -> None:
    conflict = row(1, CREATED, ACCEPTED, state=CONFLICT, theirs="cooking")
    effects = about_rows(view(conflict, shadow=COOKING), ONDELIVERY)
    assert [effect.theirs for effect in effects if isinstance(effect, ToConflict)] == [ONDELIVERY]


def test_a_conflict_that_has_not_changed_is_not_told_again() -> None:
    conflict = row(1, CREATED, ACCEPTED, state=CONFLICT, theirs="cooking")
    assert about_rows(view(conflict, shadow=COOKING), COOKING) == []


@pytest.mark.parametrize("theirs", [COOKING, CANCELLED])
def test_a_refused_change_becomes_a_conflict_when_the_shop_goes_ahead(theirs: Status) -> None:
    refused = row(1, CREATED, ACCEPTED, state=PARKED, reached=1)
    assert "ToConflict" in kinds(about_rows(view(refused), theirs))


def test_a_refused_change_stays_refused_when_the_shop_stays() -> None:
    refused = row(1, CREATED, ACCEPTED, state=PARKED, reached=1)
    assert about_rows(view(refused), CREATED) == []


def test_a_refused_change_that_the_shop_has_after_all_lets_the_rest_go_on() -> None:
    refused = row(1, CREATED, ACCEPTED, state=PARKED, reached=1)
    behind = row(2, ACCEPTED, COOKING, state=PARKED)
    assert about_rows(view(refused, behind), ACCEPTED) == [Seen(ACCEPTED), Confirm(1, "found"), Revive()]


def test_an_order_that_was_gone_and_is_there_again_goes_on() -> None:
    order = view(row(1, CREATED, ACCEPTED, state=DEAD), row(2, ACCEPTED, COOKING, state=PARKED))
    assert judge(order, CREATED, {}) == [Revive()]


# -- nothing of ours is unsent -------------------------------------------------------------------------


def test_the_expected_value_changes_nothing() -> None:
    assert about_order(view(shadow=ACCEPTED), ACCEPTED) == []


@pytest.mark.parametrize("theirs", [COOKING, ONDELIVERY, DELIVERED, EDITED, TIMING])
def test_a_foreign_move_is_adopted(theirs: Status) -> None:
    order = view(shadow=ACCEPTED, sent={ACCEPTED}, own={CREATED})
    assert about_order(order, theirs) == [Seen(theirs, foreign=True), Adopt(theirs)]


@pytest.mark.parametrize("ours", [CREATED, ACCEPTED, TIMING, EDITED])
def test_a_foreign_cancel_before_cooking_is_adopted(ours: Status) -> None:
    assert Adopt(CANCELLED) in about_order(view(shadow=ours), CANCELLED)


@pytest.mark.parametrize("ours", [COOKING, ONDELIVERY, DELIVERED])
def test_a_foreign_cancel_while_we_cook_is_a_conflict(ours: Status) -> None:
    assert "ToConflict" in kinds(about_order(view(shadow=ours), CANCELLED))


@pytest.mark.parametrize("theirs", [CREATED, COOKING, DELIVERED])
def test_what_we_finished_is_not_reopened_by_itself(theirs: Status) -> None:
    assert "ToConflict" in kinds(about_order(view(shadow=CANCELLED), theirs))


def test_a_late_write_of_ours_is_answered_with_our_value() -> None:
    order = view(shadow=COOKING, sent={ACCEPTED, COOKING}, settle_at=later(60))
    assert about_order(order, ACCEPTED) == [Seen(ACCEPTED), Reassert(COOKING, ACCEPTED)]


def test_the_third_time_a_person_is_asked() -> None:
    order = view(shadow=COOKING, sent={ACCEPTED, COOKING}, settle_at=later(60), reasserts=2)
    assert "ToConflict" in kinds(about_order(order, ACCEPTED))


def test_a_late_final_write_of_ours_asks_a_person() -> None:
    order = view(shadow=COOKING, sent={CANCELLED, COOKING}, settle_at=later(60))
    assert "ToConflict" in kinds(about_order(order, CANCELLED))


def test_a_value_that_the_shop_took_back_asks_a_person() -> None:
    order = view(shadow=ACCEPTED, sent={ACCEPTED}, own={CREATED}, settle_at=later(60))
    effects = about_order(order, CREATED)
    assert kinds(effects) == ["Seen", "ToConflict"]


def test_an_old_value_of_ours_long_after_the_last_write_asks_a_person() -> None:
    order = view(shadow=COOKING, sent={ACCEPTED, COOKING})
    assert "ToConflict" in kinds(about_order(order, ACCEPTED))


def test_a_status_and_a_field_that_come_back_together_count_as_two() -> None:
    order = view(
        status=COOKING,
        shadow=COOKING,
        sent={ACCEPTED, COOKING},
        settle_at=later(60),
        reasserts=1,
        fields={"name": "Sunita"},
        shadow_fields={"name": "Sunita"},
        sent_fields={"name": frozenset({"Anil"})},
    )
    found = judge(order, ACCEPTED, {"name": "Anil"})
    assert Reassert(COOKING, ACCEPTED) in found
    assert any(isinstance(effect, FieldsConflict) for effect in found)
    assert not any(isinstance(effect, ReassertFields) for effect in found)
