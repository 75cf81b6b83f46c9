"""The broken variants of the protocol: patches of the production code, each of which has to be caught."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.simulation import broken_goods, broken_parts, broken_rules
from tests.simulation.broken_rules import Patch


@dataclass(frozen=True, slots=True)
class Mutant:
    """One broken variant; `seed` is where it was caught last, to look there first."""

    name: str
    apply: Callable[[Patch], None]
    seed: int = 0


# With the seed that caught it last.
_CAUGHT = (
    (broken_rules.blind_retry, 1),
    (broken_rules.no_settling, 85),
    (broken_parts.outbox_after_commit, 215),
    (broken_parts.told_before_commit, 54),
    (broken_parts.confirm_on_200, 6),
    (broken_parts.absence_means_cancelled, 1),
    (broken_parts.absence_means_deleted, 1),
    (broken_parts.no_lease, 1),
    (broken_parts.two_in_flight, 0),
    (broken_rules.collapse_across_a_conflict, 145),
    (broken_parts.pull_overwrites, 0),
    (broken_rules.no_reassert_limit, 99),
    (broken_rules.forward_after_final, 31),
    (broken_rules.adopt_over_waiting, 31),
    (broken_parts.forgets_what_it_sent, 109),
    (broken_parts.marks_after_sending, 0),
    (broken_rules.newest_first, 3),
    (broken_rules.reads_used_twice, 1),
    (broken_rules.old_reads, 1),
    (broken_parts.one_stuck_order_stops_all, 3),
    (broken_parts.no_backoff, 27),
    (broken_parts.deaf_to_retry_after, 19),
    (broken_rules.no_undo_window, 1),
    (broken_rules.refusals_vanish, 1),
    (broken_parts.clock_is_trusted, 183),
    (broken_parts.key_in_the_words, 1),
    (broken_rules.gives_up_what_may_have_arrived, 10),
    (broken_rules.no_watch, 85),
    (broken_rules.conflicts_settle_themselves, 31),
    (broken_rules.last_field_writer_wins, 369),
    (broken_rules.replays_for_ever, 1),
    (broken_parts.edits_lost_to_a_pull, 1),
    (broken_parts.forgets_what_fields_it_sent, 526),
    (broken_goods.products_done_before_the_answer, 27),
    (broken_goods.import_taken_for_done, 31),
    (broken_goods.products_beside_an_import, 31),
    (broken_goods.products_sent_once, 0),
    (broken_goods.products_come_not_back, 131),
    (broken_goods.orders_deaf_to_products, 81),
    (broken_goods.carts_over_foreign_ones, 124),
    (broken_goods.doubled_lines, 2),
)
MUTANTS = tuple(Mutant(function.__name__.replace("_", " "), function, seed) for function, seed in _CAUGHT)


def prepare(name: str) -> None:
    """Break this process in the way that the name says, for good."""
    by_name(name).apply(setattr)


def by_name(name: str) -> Mutant:
    """Return the mutant of this name."""
    return next(mutant for mutant in MUTANTS if mutant.name == name)
