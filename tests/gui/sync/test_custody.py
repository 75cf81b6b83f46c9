"""The custody ledger on the screen, and the support bundle."""

from __future__ import annotations

import zipfile
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QWidget

from posapp.domain.status import Status
from posapp.services import catalogue
from posapp.services.conflicts import resolve
from posapp.services.publishing import Shop
from posapp.storage.store import Store
from posapp.ui.sync_center.figurerow import FigureRow
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.options import OptionList
from tests.gui.sync import scene
from tests.gui.sync.conftest import Center, Make
from tests.support.till import pizza


def numbers(center: Center) -> dict[str, str]:
    return {
        row.objectName().removeprefix("figure_"): row.number
        for row in center.app.window.findChildren(FigureRow)
    }


def listed(center: Center) -> list[str]:
    return [option.text for option in center.find(OptionList, "custodyList").options]


def open_ledger(center: Center) -> None:
    center.press("custodyButton")
    center.until(lambda: not center.page.right.custody._reading.busy)
    center.rest()


def open_figure(center: Center, name: str) -> None:
    center.click(center.find(FigureRow, f"figure_{name}"))
    center.until(lambda: not center.page.right.custody._listing.busy)
    center.rest()


def test_the_ledger_adds_up_and_each_figure_opens_its_list(center: Center) -> None:
    open_ledger(center)
    assert numbers(center) == {
        "came_in": "7", "delivered": "0", "cancelled": "0", "gone": "0", "open": "7", "made": "12",
        "confirmed": "4", "superseded": "0", "waiting": "3", "person": "5", "missing": "0",
    }  # fmt: skip
    assert center.find(Banner, "custodyVerdict").text == "It adds up: nothing is lost."

    open_figure(center, "open")
    assert len(listed(center)) == 7
    assert listed(center)[-1] == "#4812 · Cooking"
    open_figure(center, "person")
    assert len(listed(center)) == 5
    assert "#4819 · Status → Accepted" in listed(center)
    open_figure(center, "delivered")
    assert center.text("custodyListTitle") == "There are none."


def test_a_row_of_the_list_opens_its_order(center: Center) -> None:
    open_ledger(center)
    open_figure(center, "waiting")
    shown = center.find(OptionList, "custodyList")
    rect = shown.visualRect(shown.model().index(0, 0))
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    center.rest()
    assert center.app.window.screen_key == "orders"


def days(store: Store, clock: scene.ChosenClock) -> None:
    clock.pass_time(-3 * 86_400)
    scene.settle(store, scene.internal(store, 10, Status.ACCEPTED))
    clock.pass_time(3 * 86_400)
    scene.settle(store, scene.internal(store, 11, Status.ACCEPTED))


def test_the_span_is_the_shops_day_or_seven_of_them(make: Make) -> None:
    center = make(days)
    open_ledger(center)
    assert (numbers(center)["came_in"], numbers(center)["made"]) == ("1", "1")
    center.click(center.page.right.custody.span.segments[1])
    center.until(lambda: numbers(center)["came_in"] == "2")
    assert numbers(center)["made"] == "2"


def test_what_does_not_add_up_is_red(make: Make) -> None:
    def fill(store: Store, clock: scene.ChosenClock) -> dict[str, int]:
        made = scene.everything(store, clock)
        with store.write() as tx:
            pk = made["sending"]
            tx.execute("DELETE FROM outbox WHERE order_pk = ? AND target = 'accepted'", (pk,))
        return made

    center = make(fill)
    center.until(lambda: center.button("custodyButton").label == "Does not add up")
    open_ledger(center)
    verdict = center.find(Banner, "custodyVerdict")
    assert verdict.text.startswith("It does not add up: 1 change is missing.")
    assert numbers(center)["missing"] == "1"
    # The list says which order it is, without a click.
    assert listed(center) == ["#4816 · Status"]
    assert center.clipped() == []


def test_the_newest_changes_are_missed_too(make: Make) -> None:
    def fill(store: Store, clock: scene.ChosenClock) -> dict[str, int]:
        made = scene.everything(store, clock)
        with store.write() as tx:  # the last that were made: no later number tells of a gap
            tx.execute("DELETE FROM outbox WHERE order_pk = ?", (made["waiting"],))
        return made

    center = make(fill)
    open_ledger(center)
    assert center.find(Banner, "custodyVerdict").text.startswith("It does not add up: 2 changes are missing.")


def test_a_bundle_is_written_without_customers_and_without_holding_the_window_up(
    center: Center, tmp_path: Path
) -> None:
    center.press("bundleButton")
    dialog = center.find(QFileDialog, "bundleDialog")
    assert dialog.isVisible()
    target = tmp_path / "bundle.zip"
    dialog.fileSelected.emit(str(target))
    dialog.reject()
    assert center.button("bundleButton").label == "Writing…"
    assert not center.button("bundleButton").isEnabled()
    center.until(lambda: center.button("bundleButton").isEnabled(), 30)

    assert center.messages == ["Written: bundle.zip. Names, numbers and addresses are masked."]
    with zipfile.ZipFile(target) as bundle:
        everything = b"".join(bundle.read(name) for name in bundle.namelist())
        assert "queue.json" in bundle.namelist()
    for secret in (b"Sunita", b"9841255523", b"Thamel Marg"):
        assert secret not in everything


def test_a_bundle_that_cannot_be_written_says_why(center: Center, tmp_path: Path) -> None:
    target = tmp_path / "there.zip"
    target.write_text("mine")
    center.page.queue.bundle.write(target)
    center.until(lambda: bool(center.problems), 30)
    assert center.problems[0].startswith("There is already a file of that name.")
    assert target.read_text() == "mine"
    assert center.find(QWidget, "bundleButton").isEnabled()


def test_orders_that_the_shop_lost_are_a_figure_with_its_list(make: Make) -> None:
    def fill(store: Store, clock: scene.ChosenClock) -> dict[str, int]:
        made = scene.everything(store, clock)
        with store.write() as tx:  # as the engine writes it down
            tx.execute("UPDATE outbox SET last_class = 'gone' WHERE order_pk = ?", (made["gone"],))
            tx.execute("UPDATE orders SET missing_at = received_at WHERE pk = ?", (made["gone"],))
        resolve(store, made["gone"], "theirs", scene.ANNA)
        return made

    center = make(fill)
    open_ledger(center)
    assert (numbers(center)["gone"], numbers(center)["cancelled"]) == ("1", "0")
    assert center.find(Banner, "custodyVerdict").text == "It adds up: nothing is lost."
    open_figure(center, "gone")
    assert [text.rpartition(" · ")[2] for text in listed(center)] == ["Cancelled"]


def test_changes_of_products_are_in_the_ledger_too(make: Make) -> None:
    def fill(store: Store, clock: scene.ChosenClock) -> dict[str, int]:
        catalogue.save_product(store, pizza(), "KZT", scene.ANNA, shops=[Shop("kitchen", "KZT")])
        return {}

    center = make(fill)
    open_ledger(center)
    open_figure(center, "waiting")
    assert listed(center) == ["Маргарита · Product"]
