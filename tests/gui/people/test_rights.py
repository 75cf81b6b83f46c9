"""Every right through the window: who has it acts, others ask a manager in place or leave all as it is."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from posapp.domain.people import Right, Role, may
from posapp.ui.people.approval import ApprovalDialog
from posapp.ui.widgets.text import PlainLabel
from tests.gui.people.doors import DOORS, Way
from tests.gui.people.walk import BOSS, BOSS_PIN, NAMES, Walk, open_shop

# With this set every role takes every door, not only the nearest that may and the nearest that may not.
EVERY_ROLE = bool(os.environ.get("POSAPP_EVERY_ROLE"))
PARTS = 2  # of the table, so that no test is long on a busy machine
_WITHOUT = (Role.COUNTER, Role.COURIER_DESK, Role.COOK)
_WITH = (Role.COOK, Role.COURIER_DESK, Role.COUNTER, Role.MANAGER)


def rights_of(role: Role) -> list[Right]:
    """Return the rights that this role tries: those for which it is the nearest case."""
    chosen = []
    for right in DOORS:
        without = next((each for each in _WITHOUT if not may(each, right)), None)
        with_it = next(each for each in _WITH if may(each, right))
        if EVERY_ROLE or role in {without, with_it}:
            chosen.append(right)
    return chosen


def test_every_right_has_a_door() -> None:
    assert set(DOORS) == set(Right)
    tried = {(right, may(role, right)) for role in Role for right in rights_of(role)}
    everybodys = {right for right in Right if all(may(role, right) for role in Role)}
    assert tried == {(right, True) for right in DOORS} | {(right, False) for right in set(DOORS) - everybodys}


def asked(walk: Walk, way: Way) -> ApprovalDialog:
    way.press()
    walk.until(lambda: walk.approval is not None)
    found = walk.approval
    assert found is not None
    assert "needs a manager" in found.windowTitle()
    return found


def without_it(walk: Walk, role: Role, right: Right, way: Way) -> None:
    """Ask, err, leave, ask again, and let the manager approve it once."""
    typed, before = way.typed(), walk.footprint()
    found = asked(walk, way)
    assert walk.changed_since(before) == []
    QTest.keyClicks(found, "111222")
    walk.rest()
    assert "not right" in walk.find(PlainLabel, "approvalMessage").text()
    assert walk.changed_since(before) == []
    QTest.keyClick(found, Qt.Key.Key_Escape)
    walk.until(lambda: walk.approval is None)
    assert walk.changed_since(before) == []
    assert not way.done()
    assert way.typed() == typed

    found = asked(walk, way)
    mark = walk.fact("SELECT max(pk) FROM events")
    QTest.keyClicks(found, BOSS_PIN)
    walk.until(way.done)
    walk.until(lambda: walk.approval is None)
    told = walk.store.all("SELECT kind, actor, params FROM events WHERE pk > ? ORDER BY pk", (mark,))
    approved = next(row for row in told if row[0] == "approved")
    assert approved[1] == BOSS
    assert json.loads(approved[2]) == {"right": right.value, "for": NAMES[role]}
    if way.kind:
        acts = [row for row in told if row[0] == way.kind]
        assert [row[1] for row in acts] == [NAMES[role]], told
        assert json.loads(acts[0][2])["approved_by"] == BOSS


def with_it(walk: Walk, role: Role, way: Way) -> None:
    before = walk.kinds()
    way.press()
    walk.until(way.done)
    assert walk.approval is None
    after = walk.kinds()[len(before) :]
    assert "approved" not in after
    if way.kind:
        assert after.count(way.kind) == 1
        assert (
            walk.fact("SELECT actor FROM events WHERE kind = ? ORDER BY pk DESC LIMIT 1", way.kind)
            == NAMES[role]
        )


@pytest.mark.timeout(240)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("role", list(Role))
def test_every_door_asks_for_its_right_in_place(qtbot: QtBot, tmp_path: Path, role: Role, part: int) -> None:
    rights = rights_of(role)[part::PARTS]
    walk = open_shop(qtbot, tmp_path)
    try:
        walk.come(role)
        for right in rights:
            try:
                way = DOORS[right](walk)
                if may(role, right):
                    with_it(walk, role, way)
                else:
                    without_it(walk, role, right, way)
                walk.close_dialogs()
            except Exception as error:
                raise AssertionError(f"{right} by {role}") from error
    finally:
        walk.app.close()
