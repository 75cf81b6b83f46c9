"""The list's model becomes any other list by single patches, and its views never lose a row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from posapp.storage.rows import OrderRow
from posapp.ui.delegates.order_row import ROW_ROLE
from posapp.ui.itemmodels.orders import OrdersModel

NOW = datetime(2026, 5, 21, 14, tzinfo=UTC)
BLANK = OrderRow(
    pk=0, id="", code="", remote="alma", status="created", sync="synced", sync_reason="", source="web",
    brand="", customer_name="", phone="", address="", kind="delivery", total="1.00", currency="KZT",
    payment_method="cash", payment_status="paid", change_from="", comment="", created_at=NOW, received_at=NOW,
    age_from=NOW, target_s=0, due_at=None, planned_at=None, closed_at=None, unacknowledged=False, version=1,
)  # fmt: skip

LISTS = st.lists(
    st.tuples(st.integers(1, 12), st.integers(1, 3)), unique_by=lambda pair: pair[0], max_size=10
).map(lambda pairs: [replace(BLANK, pk=pk, code=str(pk), version=version) for pk, version in pairs])


def made(rows: list[OrderRow]) -> OrdersModel:
    model = OrdersModel(lambda row: row.code)
    model.replace(rows)
    return model


@given(before=LISTS, after=LISTS)
def test_any_list_becomes_any_other_without_a_reset(before: list[OrderRow], after: list[OrderRow]) -> None:
    model = made(before)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))
    kept = {row.pk: QPersistentModelIndex(model.index(place)) for place, row in enumerate(before)}

    model.merge(after)

    assert list(model.rows) == after
    assert resets == []
    for place, row in enumerate(after):
        if row.pk in kept:
            assert kept[row.pk].row() == place
    del tester


def test_one_changed_row_is_one_signal_about_that_row() -> None:
    rows = [replace(BLANK, pk=pk, code=str(pk)) for pk in range(1, 501)]
    model = made(rows)
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last, _roles: told.append((first.row(), last.row())))
    rows[250] = replace(rows[250], status="accepted", version=2)

    model.merge(rows)

    assert told == [(250, 250)]
    assert model.index(250).data(ROW_ROLE).status == "accepted"


def test_a_row_that_sinks_is_one_move() -> None:
    rows = [replace(BLANK, pk=pk, code=str(pk)) for pk in range(1, 51)]
    model = made(rows)
    moves: list[int] = []
    model.rowsMoved.connect(lambda *told: moves.append(told[1]))

    model.merge([*rows[1:20], rows[0], *rows[20:]])

    assert moves == [0]
