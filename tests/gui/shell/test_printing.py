"""Printing from the window: preview, queue, printers in the settings, kitchen tickets by themselves."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path
from typing import TypeVar, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from posapp.config import load
from posapp.config_file import save_printer, save_setting
from posapp.domain.received import RemoteLine
from posapp.domain.status import Status
from posapp.domain.tickets import JobState
from posapp.printing import lane
from posapp.printing.printers import Printer
from posapp.services import orders
from posapp.storage.printing import JobRow, job_rows
from posapp.ui.dialogs.preview import PrintDialog
from posapp.ui.dialogs.print_queue import JobCard, PrintQueueDialog
from posapp.ui.printer_dialog import PrinterDialog, PrintResult
from posapp.ui.screens.orders import OrdersPage
from posapp.ui.screens.orders_view import OrdersView
from posapp.ui.settings.printers import PrinterCard
from posapp.ui.shell_parts import ProblemBar
from posapp.ui.theme import current_theme
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.controls import Toggle
from posapp.ui.widgets.inputs import ComboBox
from tests.gui.shell.conftest import Make, Running
from tests.support.clipping import find_clipped
from tests.support.escpos_reader import read_ticket
from tests.support.glyphs import missing
from tests.support.shop_orders import ANNA, put_in, remote_order
from tests.support.tcp_printer import TcpPrinter, free_port

LINES = (
    RemoteLine("Маргарита 30 см", 2, Decimal("2600.00"), Decimal("5200.00")),
    RemoteLine("Қуырдақ", 1, Decimal("900.00"), Decimal("900.00")),
)
W = TypeVar("W", bound=QWidget)
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tries of a dead printer follow each other at once."""
    monkeypatch.setattr(lane, "PAUSES_S", (0.05, 0.05))


def prepared(tmp_path: Path, *printers: Printer, auto: bool = False) -> None:
    (tmp_path / "data").mkdir(exist_ok=True)
    for printer in printers:
        save_printer(tmp_path / "data", printer)
    save_setting(tmp_path / "data", "printing", "auto_kitchen", auto)


def with_order(running: Running) -> int:
    [pk] = put_in(running.app.store, remote_order("1", lines=LINES, comment="Пиязсыз", total="6100.00"))
    running.rest()
    cast(OrdersPage, running.window.page).select_order(pk, by_person=False)
    running.rest()
    return pk


def part(card: QWidget, kind: type[W], name: str) -> W:
    found = card.findChild(kind, name)
    assert found is not None, name
    return found


def dialog_of(running: Running) -> PrintDialog:
    QTest.keyClick(running.window, Qt.Key.Key_P, CTRL)
    found = running.dialog()
    assert isinstance(found, PrintDialog)
    return found


def wait_states(running: Running, *states: JobState) -> tuple[JobRow, ...]:
    """Return the jobs, the oldest first, once they stand like this."""
    end = time.monotonic() + 15
    while time.monotonic() < end:
        found = tuple(reversed(job_rows(running.app.store)))
        if tuple(job.state for job in found) == states:
            running.rest()
            return found
        running.bot.wait(20)
    pytest.fail(f"{[job.state for job in job_rows(running.app.store)]} is not {states}")


def test_ctrl_p_and_enter_print_a_receipt_in_every_alphabet(make: Make, tmp_path: Path) -> None:
    with TcpPrinter() as device:
        prepared(tmp_path, Printer("front", device.address, code_page="cp866"))
        running = make()
        with_order(running)

        dialog = dialog_of(running)
        assert dialog.windowTitle() == "Print order #1001"
        for words in ("2 x Маргарита 30 см", "1 x Қуырдақ", "TOTAL 6 100 ₸", "Пиязсыз"):
            assert words in dialog.view.text.replace("\u00a0", " ")
        assert list(find_clipped(dialog)) == []
        QTest.keyClick(dialog.print_button, Qt.Key.Key_Return)

        assert running.no_dialog()
        [ticket] = device.wait_for(1)
        [job] = wait_states(running, JobState.DONE)
    assert job.actor == "counter-1"
    paper = read_ticket(ticket)
    assert missing(paper, "2 x Маргарита 30 см 1 x Қуырдақ TOTAL 6 100 ₸ Пиязсыз 5 200 900") == []


def test_a_second_receipt_says_copy_before_and_on_paper(make: Make, tmp_path: Path) -> None:
    file = tmp_path / "paper.bin"
    prepared(tmp_path, Printer("front", str(file), kind="file"))
    running = make()
    with_order(running)
    QTest.keyClick(dialog_of(running).print_button, Qt.Key.Key_Return)
    wait_states(running, JobState.DONE)

    dialog = dialog_of(running)
    assert dialog.view.text.startswith("COPY")
    assert "marked COPY" in dialog.remark.text()
    QTest.keyClick(dialog.print_button, Qt.Key.Key_Return)

    wait_states(running, JobState.DONE, JobState.DONE)
    assert read_ticket(file.read_bytes()).text.split().count("COPY") == 1


def test_the_kitchen_ticket_goes_to_the_kitchen_and_then_tells_changes_only(
    make: Make, tmp_path: Path
) -> None:
    files = tmp_path / "front.bin", tmp_path / "grill.bin"
    prepared(
        tmp_path,
        Printer("front", str(files[0]), kind="file"),
        Printer("grill", str(files[1]), kind="file", roles=("kitchen",), code_page="cp866"),
    )
    running = make()
    with_order(running)
    dialog = dialog_of(running)
    dialog.kind.setCurrentIndex(1)
    running.rest()
    assert dialog.printer.currentText() == "grill"
    assert "TOTAL" not in dialog.view.text
    QTest.keyClick(dialog.print_button, Qt.Key.Key_Return)
    wait_states(running, JobState.DONE)

    dialog = dialog_of(running)
    dialog.kind.setCurrentIndex(1)
    running.rest()
    assert not dialog.print_button.isEnabled()
    assert "has this ticket already" in dialog.remark.text()
    dialog.reject()
    put_in(running.app.store, remote_order("1", lines=LINES[:1], comment="Пиязсыз", raw="{}"))
    dialog = dialog_of(running)
    dialog.kind.setCurrentIndex(1)
    running.rest()

    assert "Only what changed" in dialog.remark.text()
    assert "REMOVED" in dialog.view.text
    assert "Маргарита" not in dialog.view.text
    QTest.keyClick(dialog.print_button, Qt.Key.Key_Return)
    wait_states(running, JobState.DONE, JobState.DONE)
    assert read_ticket(files[1].read_bytes()).text.count("CHANGED") == 1
    assert not files[0].exists()


def test_without_a_printer_a_ticket_is_saved_as_pdf_or_a_printer_set_up(make: Make, tmp_path: Path) -> None:
    running = make()
    with_order(running)
    dialog = dialog_of(running)
    assert not dialog.print_button.isEnabled()
    assert "No printer is set up" in dialog.remark.text()

    dialog.write_pdf(str(tmp_path / "ticket.pdf"))
    running.rest()
    assert (tmp_path / "ticket.pdf").read_bytes().startswith(b"%PDF")
    assert dialog.remark.text() == f"Saved as {tmp_path / 'ticket.pdf'}"
    dialog.write_pdf(str(tmp_path / "no" / "ticket.pdf"))
    running.rest()
    assert "cannot be written" in dialog.remark.text()
    dialog.setup_button.click()
    running.rest()
    assert running.window.screen_key == "settings"
    assert running.settings.list.current == "printers"


def test_a_dead_printer_is_told_with_its_reason_and_the_ticket_goes_elsewhere(
    make: Make, tmp_path: Path
) -> None:
    file = tmp_path / "paper.bin"
    prepared(
        tmp_path,
        Printer("front", f"127.0.0.1:{free_port()}"),
        Printer("spare", str(file), kind="file", roles=()),
    )
    running = make()
    with_order(running)
    QTest.keyClick(dialog_of(running).print_button, Qt.Key.Key_Return)
    wait_states(running, JobState.FAILED)
    bar = running.find(ProblemBar, "problemBar")
    assert bar.isVisible()
    told = " ".join(label.text() for label in bar.findChildren(QLabel))
    assert "Receipt #1001 was not printed." in told
    assert "127.0.0.1 refused the connection." in told

    QTest.keyClick(running.window, Qt.Key.Key_P, CTRL | SHIFT)
    dialog = running.dialog()
    assert isinstance(dialog, PrintQueueDialog)
    [card] = dialog.cards()
    assert part(card, QLabel, "jobState").text() == "Not printed"
    assert part(card, QLabel, "jobReason").text() == "127.0.0.1 refused the connection."
    assert list(find_clipped(dialog)) == []
    box = part(card, ComboBox, "moveBox")
    assert [box.itemText(number) for number in range(box.count())] == ["spare"]
    box.activated.emit(0)
    wait_states(running, JobState.DONE)

    [card] = dialog.cards()
    assert part(card, QLabel, "jobState").text() == "Printed"
    part(card, Button, "reprintButton").click()
    wait_states(running, JobState.DONE, JobState.DONE)
    assert [each.job.is_copy for each in dialog.cards()] == [True, False]
    assert read_ticket(file.read_bytes()).cuts == 2


def test_a_ticket_that_waits_can_be_given_up(make: Make, tmp_path: Path) -> None:
    with TcpPrinter(take=0, offline=None, paper=None) as stalled:
        prepared(tmp_path, Printer("front", stalled.address))
        running = make()
        with_order(running)
        for _ in range(2):
            QTest.keyClick(dialog_of(running).print_button, Qt.Key.Key_Return)
            running.rest()
        QTest.keyClick(running.window, Qt.Key.Key_P, CTRL | SHIFT)
        dialog = running.dialog()
        assert isinstance(dialog, PrintQueueDialog)
        waiting: JobCard = dialog.cards()[0]
        part(waiting, Button, "give_upButton").click()
        running.rest()

        assert job_rows(running.app.store)[0].state is JobState.WITHDRAWN
        assert part(dialog.cards()[0], QLabel, "jobState").text() == "Withdrawn"
        dialog.reject()
        running.app.close()


def test_accepting_prints_the_kitchen_ticket_where_that_is_wanted(make: Make, tmp_path: Path) -> None:
    file = tmp_path / "grill.bin"
    prepared(tmp_path, Printer("grill", str(file), kind="file", roles=("kitchen",)), auto=True)
    running = make()
    pk = with_order(running)
    assert job_rows(running.app.store) == ()

    running.find(OrdersView, "ordersView").setFocus()
    QTest.keyClick(running.window, Qt.Key.Key_Return)
    wait_states(running, JobState.DONE)
    orders.move(running.app.store, pk, Status.CANCELLED, ANNA)

    wait_states(running, JobState.DONE, JobState.DONE)
    text = read_ticket(file.read_bytes()).text
    assert text.count("#1001") == 2
    assert "DO NOT COOK" in text


def test_nothing_prints_by_itself_unless_it_is_switched_on(make: Make, tmp_path: Path) -> None:
    prepared(tmp_path, Printer("grill", str(tmp_path / "x"), kind="file", roles=("kitchen",)))
    running = make()
    with_order(running)

    running.find(OrdersView, "ordersView").setFocus()
    QTest.keyClick(running.window, Qt.Key.Key_Return)
    running.rest()
    running.bot.wait(200)

    assert running.app.store.one("SELECT status FROM orders") == ("accepted",)
    assert job_rows(running.app.store) == ()


# ------------------------------------------------------------------------------------------ settings


def at_printers(make: Make) -> Running:
    running = make(screen="settings")
    running.window.open_settings("printers")
    running.rest()
    return running


def test_a_printer_is_added_tried_changed_and_removed(make: Make, tmp_path: Path) -> None:
    with TcpPrinter() as device:
        running = at_printers(make)
        assert running.settings.section("printers").summary() == "No printer"
        running.find(Button, "addPrinterButton").click()
        dialog = running.dialog()
        assert isinstance(dialog, PrinterDialog)
        dialog.accept()
        assert [name for name, field in dialog.fields.items() if field.error] == ["name", "address"]
        dialog.name.setText("Front desk")
        dialog.address.setText(device.address)
        dialog.accept()
        assert "letters a-z" in dialog.fields["name"].error
        dialog.name.setText("front")
        dialog.page.setCurrentIndex(dialog.page.findData("kz1048"))
        dialog.kitchen.setChecked(True)
        dialog.test()
        running.bot.waitUntil(lambda: "was sent" in dialog.result_line.text, timeout=10_000)
        running.rest()
        assert list(find_clipped(dialog)) == []
        dialog.accept()
        assert running.no_dialog()
        [ticket] = device.wait_for(1)
        assert "Жаңа нан, әдемі" in read_ticket(ticket).text
        [printer] = load(tmp_path / "data").printers
        assert printer == Printer("front", device.address, code_page="kz1048", roles=("receipt", "kitchen"))
        card = running.find(PrinterCard, "printer_front")
        card.test()
        running.bot.waitUntil(lambda: "was sent" in card.result_line.text, timeout=10_000)
    card.test()
    running.bot.waitUntil(lambda: "refused" in card.result_line.text, timeout=10_000)
    assert card.result_line.text == "127.0.0.1 refused the connection."
    assert running.clipped() == []

    part(card, Button, "editPrinterButton").click()
    changing = running.dialog()
    assert isinstance(changing, PrinterDialog)
    assert changing.page.currentData() == "kz1048"
    changing.name.setText("till")
    changing.paper.setCurrentIndex(2)
    changing.accept()
    running.rest()
    [printer] = load(tmp_path / "data").printers
    assert (printer.name, printer.width_mm, printer.columns) == ("till", 58, 0)
    part(running.find(PrinterCard, "printer_till"), Button, "removePrinterButton").click()
    running.rest()
    assert load(tmp_path / "data").printers == ()
    running.find(Button, "settingsUndoButton").click()
    running.rest()
    assert load(tmp_path / "data").printers == (printer,)


def test_a_dead_printer_says_so_where_it_is_tried(make: Make, tmp_path: Path) -> None:
    running = at_printers(make)
    running.find(Button, "addPrinterButton").click()
    dialog = running.dialog()
    assert isinstance(dialog, PrinterDialog)
    dialog.name.setText("front")
    dialog.address.setText(f"127.0.0.1:{free_port()}")
    dialog.test()
    result = dialog.findChild(PrintResult)
    assert result is not None
    assert result.text == "Printing…"

    running.bot.waitUntil(lambda: result.text == "127.0.0.1 refused the connection.", timeout=10_000)

    dialog.reject()
    assert load(tmp_path / "data").printers == ()


def test_kitchen_tickets_by_themselves_are_a_switch(make: Make, tmp_path: Path) -> None:
    running = at_printers(make)
    running.find(Toggle, "autoKitchen").click()
    running.rest()

    assert load(tmp_path / "data").get("printing", "auto_kitchen") is True


def test_the_paper_is_white_in_the_dark_too(make: Make, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    save_setting(tmp_path / "data", "look", "theme", "dark")
    running = make()
    with_order(running)
    dialog = dialog_of(running)

    picture: QImage = dialog.view.grab().toImage()

    assert picture.pixelColor(8, 40).name() == "#ffffff"
    assert current_theme().name == "dark"
