"""In which order the orders wait: by area or by due time, the counter's own ones last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from posapp.storage.dispatch import DispatchRow

translate = QCoreApplication.translate


class View(StrEnum):
    """The two ways to look at what waits."""

    AREA = "area"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Group:
    """Orders under one heading; an empty title has none."""

    title: str
    rows: tuple[DispatchRow, ...]


def grouped(rows: Sequence[DispatchRow], view: View) -> tuple[Group, ...]:
    """Return the orders in groups; areas with one order share a heading."""
    pickups = tuple(row for row in rows if row.order.kind == "pickup")
    others = [row for row in rows if row.order.kind != "pickup"]
    groups: list[Group] = []
    if view is View.DUE:
        groups.append(Group("", tuple(sorted(others, key=_due))))
    else:
        groups += _by_area(others)
    groups.append(Group(translate("delivery", "Pickup at counter"), pickups))
    return tuple(group for group in groups if group.rows)


def _by_area(rows: Sequence[DispatchRow]) -> list[Group]:
    counts = Counter(row.area for row in rows if row.area)
    shared = [area for area, count in counts.items() if count > 1]
    groups = [Group(area, tuple(row for row in rows if row.area == area)) for area in shared]
    rest = tuple(row for row in rows if row.area not in shared)
    title = translate("delivery", "Other areas") if shared else ""
    return [*groups, Group(title, rest)]


def _due(row: DispatchRow) -> tuple[float, int]:
    order = row.order
    wanted = order.planned_at or order.due_at
    if wanted is None:
        # Without a wish of the customer the shop's own target counts.
        wanted = (order.age_from or order.created_at) + timedelta(seconds=order.target_s)
    return wanted.timestamp(), order.pk
