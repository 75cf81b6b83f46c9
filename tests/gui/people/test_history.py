"""The history: who did what and when, chosen by person, kind and order, verified and taken along."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from posapp.domain.people import Role
from posapp.domain.status import Status
from posapp.services import orders, people
from posapp.services.audit import seal
from posapp.storage.people import staff
from posapp.ui.history.list import ROW_ROLE, HistoryList
from posapp.ui.history.panel import HistoryPanel
from posapp.ui.reports.head import HISTORY
from posapp.ui.screens.reports import ReportsPage
from posapp.ui.widgets.text import PlainLabel
from tests.gui.people.test_lock import BOSS, CLERK, STATION, choose, hire, lock_of, type_pin
from tests.gui.shell.conftest import ChosenClock, Make, Running
from tests.support.clipping import find_clipped
from tests.support.shop_orders import order_fact, put_in, remote_order


def lines(running: Running) -> list[str]:
    model = running.find(HistoryList, "historyList").model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


@pytest.fixture
def open_at_history(make: Make) -> Running:
    """Return the window with a manager signed in, at the history of an order that a clerk accepted."""
    running = make(clock=ChosenClock())
    hire(running)
    store = running.app.store
    clerk = next(one for one in staff(store) if one.role is Role.COUNTER)
    who = people.sign_in(store, clerk.id, CLERK, STATION).who
    (pk,) = put_in(store, remote_order("r1", customer_name="=cmd"))
    orders.move(store, pk, Status.ACCEPTED, who)
    running.bot.waitUntil(lambda: lock_of(running).isVisible(), timeout=5000)
    running.rest()
    choose(running, "Olga Petrova")
    type_pin(running, BOSS)
    running.window.open_screen("reports")
    running.rest()
    running.find(ReportsPage, "reportsPage").show_tab(HISTORY)
    running.rest()
    running.rest()
    return running


def test_every_entry_is_told_newest_first(open_at_history: Running) -> None:
    told = lines(open_at_history)

    assert "Signed in, Olga Petrova · counter-1" in told[0]
    assert any("Aigerim works here now: Counter" in line for line in told)
    assert any("New → Accepted, Aigerim · counter-1" in line for line in told)
    assert list(find_clipped(open_at_history.find(HistoryPanel, "historyPanel"))) == []


def test_filters_leave_what_was_chosen(open_at_history: Running) -> None:
    panel = open_at_history.find(HistoryPanel, "historyPanel")
    panel.person.choose("Aigerim")
    open_at_history.rest()
    assert [line for line in lines(open_at_history) if "Aigerim · counter-1" not in line] == []
    panel.kind.choose("people")
    open_at_history.rest()
    assert len(lines(open_at_history)) == 1

    panel.kind.choose("")
    panel.person.choose("")
    code = str(order_fact(open_at_history.app.store, 1, "code"))
    QTest.keyClicks(panel.code, code)
    QTest.keyClick(panel.code, Qt.Key.Key_Return)
    open_at_history.rest()
    assert lines(open_at_history) != []
    assert all(code in line for line in lines(open_at_history))


def test_an_entry_opens_its_order(open_at_history: Running) -> None:
    view = open_at_history.find(HistoryList, "historyList")
    model = view.model()
    index = next(
        model.index(row, 0)
        for row in range(model.rowCount())
        if model.index(row, 0).data(ROW_ROLE).order_pk is not None
    )
    view.setCurrentIndex(index)
    QTest.keyClick(view, Qt.Key.Key_Return)
    open_at_history.rest()

    assert open_at_history.window.screen_key == "orders"


def test_the_chain_is_verified_on_demand(open_at_history: Running) -> None:
    store = open_at_history.app.store
    clock = store.clock
    assert isinstance(clock, ChosenClock)
    clock.pass_time(20)
    seal(store)
    state = open_at_history.find(PlainLabel, "historySealed")

    open_at_history.find(HistoryPanel, "historyPanel").verify()
    open_at_history.bot.waitUntil(lambda: "verified" in state.text(), timeout=5000)

    assert state.text().startswith("Sealed to ")


def test_the_table_is_for_the_manager_and_an_entry_itself(open_at_history: Running, tmp_path: Path) -> None:
    panel = open_at_history.find(HistoryPanel, "historyPanel")
    file = tmp_path / "history.csv"
    panel.export(str(file))
    open_at_history.rest()
    open_at_history.rest()

    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert next(row["kind"] for row in rows) == "exported"
    assert "Exported history.csv" in lines(open_at_history)[0]
    open_at_history.window.people.lock()
    open_at_history.rest()
    choose(open_at_history, "Aigerim")
    type_pin(open_at_history, CLERK)
    panel.export(str(tmp_path / "second.csv"))
    dialog = open_at_history.dialog()
    assert dialog.windowTitle() == "Exporting data needs a manager."
    assert not (tmp_path / "second.csv").exists()
    QTest.keyClicks(dialog, BOSS)
    open_at_history.rest()
    open_at_history.bot.waitUntil((tmp_path / "second.csv").exists, timeout=5000)
