"""What a kitchen makes of an order: its items, what changed on them, its sections, and when to start."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from posapp.domain.due import day_bounds
from posapp.domain.status import Kind, Status
from posapp.domain.text import clean_line

ON_BOARD = frozenset({Status.ACCEPTED, Status.COOKING, Status.EDITED})
EVERYTHING = ""  # the section that is the whole kitchen
_WITHOUT = ("без ", "не ", "нет ", "no ", "not ", "without ", "minus ", "बिना ", "−", "–", "-")
_WITHOUT_ENDS = ("сыз", "сіз")  # Kazakh


class Mark(StrEnum):
    """What an edit did to an item since the kitchen last looked."""

    NONE = ""
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an order as the kitchen knows it; equal lines have one key each, by number."""

    key: str
    title: str
    quantity: int
    additions: tuple[str, ...] = ()
    notes: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Making:
    """Everything of an order that changes what a cook does."""

    items: tuple[Item, ...]
    comment: str = ""


@dataclass(frozen=True, slots=True)
class MarkedItem:
    """An item with what an edit did to it; `before` is the earlier quantity, 0 for a new one."""

    item: Item
    mark: Mark = Mark.NONE
    before: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the kitchen and the categories of dishes that it makes; none: all of them."""

    name: str = EVERYTHING
    categories: frozenset[str] = frozenset()

    def makes(self, category: str) -> bool:
        """Tell whether this section makes dishes of a category; what has none, everybody makes."""
        return not category or not self.categories or category.casefold() in self.categories


@dataclass(frozen=True, slots=True)
class LeadTimes:
    """Minutes from the start of cooking to the time at which the customer wants the order."""

    delivery_min: int = 30
    pickup_min: int = 15

    def of(self, kind: Kind) -> timedelta:
        """Return the lead time of this kind of order."""
        return timedelta(minutes=self.pickup_min if kind is Kind.PICKUP else self.delivery_min)


def keyed(lines: Iterable[Item]) -> tuple[Item, ...]:
    """Return the items with their keys: the same dish in the same form keeps its key when others change."""
    times: Counter[str] = Counter()
    result: list[Item] = []
    for line in lines:
        text = json.dumps([line.key, line.title, line.additions, line.notes], ensure_ascii=False)
        plain = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
        times[plain] += 1
        key = plain if times[plain] == 1 else f"{plain}-{times[plain]}"
        result.append(Item(key, line.title, line.quantity, line.additions, line.notes, line.category))
    return tuple(result)


def marked(before: Making | None, now: Making) -> tuple[MarkedItem, ...]:
    """Return the items of now with what changed since `before`; removed ones stay at their old place."""
    if before is None:
        return tuple(MarkedItem(item) for item in now.items)
    old = {item.key: item for item in before.items}
    new = {item.key for item in now.items}
    result = [_compared(old.get(item.key), item) for item in now.items]
    for place, item in enumerate(before.items):
        if item.key not in new:
            result.insert(min(place, len(result)), MarkedItem(item, Mark.REMOVED, item.quantity))
    return tuple(result)


def _compared(old: Item | None, item: Item) -> MarkedItem:
    if old is None:
        return MarkedItem(item, Mark.ADDED)
    mark = Mark.NONE if old.quantity == item.quantity else Mark.CHANGED
    return MarkedItem(item, mark, old.quantity)


def differs(before: Making | None, now: Making) -> bool:
    """Tell whether there is anything to acknowledge."""
    if before is None:
        return False
    return before.comment != now.comment or any(each.mark is not Mark.NONE for each in marked(before, now))


def dump_making(making: Making) -> str:
    """Write what the kitchen saw as JSON."""
    items = [
        [item.key, item.title, item.quantity, item.additions, item.notes, item.category]
        for item in making.items
    ]
    return json.dumps({"comment": making.comment, "items": items}, ensure_ascii=False)


def load_making(text: str) -> Making | None:
    """Read what the kitchen saw; empty: nothing is to be compared."""
    if not text:
        return None
    tree = json.loads(text)
    items = tuple(Item(row[0], row[1], row[2], tuple(row[3]), row[4], row[5]) for row in tree["items"])
    return Making(items, tree["comment"])


def is_without(addition: str) -> bool:
    """Tell whether an "addition" takes something away, in the languages of our shops."""
    words = addition.casefold().strip()
    return words.startswith(_WITHOUT) or words.endswith(_WITHOUT_ENDS)


def is_allergy(comment: str) -> bool:
    """Tell whether a comment speaks of an allergy."""
    words = comment.casefold()
    return any(stem in words for stem in ("аллерг", "allerg", "एलर्जी"))


def parse_sections(entries: Iterable[str]) -> tuple[Section, ...]:
    """Read "Pizza: Pizzas, Sides" entries of the settings; a name alone makes everything."""
    found: dict[str, Section] = {}
    for entry in entries:
        name, _, listed = entry.partition(":")
        name = clean_line(name)[:64]
        words = (clean_line(part).casefold() for part in listed.split(","))
        if name:
            found[name] = Section(name, frozenset(word for word in words if word))
    return tuple(found.values())


def section_named(sections: Sequence[Section], name: str) -> Section:
    """Return the section of that name, the whole kitchen if there is none."""
    return next((section for section in sections if section.name == name), Section())


def sections_of(items: Iterable[Item], sections: Sequence[Section]) -> tuple[str, ...]:
    """Return the sections that have to be done before an order is ready; (“”,) if it is nobody's."""
    categories = {item.category for item in items}
    names = tuple(
        section.name for section in sections if any(section.makes(category) for category in categories)
    )
    return names or (EVERYTHING,)


def is_ready(items: Iterable[Item], sections: Sequence[Section], bumped: Iterable[str]) -> bool:
    """Tell whether all sections that make something of an order are done with it."""
    done = frozenset(bumped)
    return EVERYTHING in done or done.issuperset(sections_of(items, sections))


def ticked_in(ticks: Mapping[str, int], section: str, quantity: int) -> bool:
    """Tell whether an item counts as made in a section, given the pieces ticked by section."""
    made = [n for name, n in ticks.items() if EVERYTHING in (name, section) or name == section]
    return max(made, default=0) >= quantity


def start_by(due_at: datetime, kind: Kind, lead: LeadTimes, zone: ZoneInfo) -> datetime:
    """Return when an order has to be started, never before the shop's day for which it is wanted."""
    midnight = day_bounds(due_at.astimezone(zone).date(), zone)[0]
    return max(due_at - lead.of(kind), midnight)


def is_later_day(due_at: datetime | None, now: datetime, zone: ZoneInfo) -> bool:
    """Tell whether an order is wanted on a day of the shop that has not begun."""
    return due_at is not None and due_at.astimezone(zone).date() > now.astimezone(zone).date()


def waits_for_its_day(
    due_at: datetime | None,
    accepted_at: datetime | None,
    start_at: datetime | None,
    now: datetime,
    zone: ZoneInfo,
) -> bool:
    """Tell whether an order that was accepted before its day still has time to its start."""
    if due_at is None or start_at is None or now >= start_at:
        return False
    since = accepted_at or now
    return due_at.astimezone(zone).date() > since.astimezone(zone).date()


@dataclass(frozen=True, slots=True)
class KitchenSetup:
    """How the kitchen works here: lead times, sections, and what this station's board shows."""

    lead: LeadTimes = LeadTimes()
    sections: tuple[Section, ...] = ()
    section: Section = Section()
    wall: bool = False

    @classmethod
    def read(cls, get: Callable[[str], Any]) -> KitchenSetup:
        """Read it from the settings, which `get` gives by key; a section that is gone means all of them."""
        sections = parse_sections(get("sections"))
        lead = LeadTimes(get("delivery_minutes"), get("pickup_minutes"))
        return cls(lead, sections, section_named(sections, get("section")), get("size") == "wall")
