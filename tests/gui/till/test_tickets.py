"""A sale at the counter queues its receipt and its kitchen ticket with it, and opens the drawer for cash."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from posapp.config_file import save_printer
from posapp.printing.printers import Printer
from tests.gui.till.conftest import Make
from tests.support.tcp_printer import TcpPrinter


def test_receipt_and_kitchen_ticket_follow_the_payment(make: Make, tmp_path: Path) -> None:
    with TcpPrinter() as front, TcpPrinter() as grill:
        save_printer(tmp_path, Printer("front", front.address, code_page="cp866", drawer=True))
        save_printer(tmp_path, Printer("grill", grill.address, code_page="cp866", roles=("kitchen",)))
        till = make()
        till.key("мар", Qt.Key.Key_Return, Qt.Key.Key_F12)

        till.until(lambda: till.orders() == 1)
        row = till.store.all("SELECT kind, printer FROM print_jobs ORDER BY kind")
        assert [tuple(one) for one in row] == [("kitchen", "grill"), ("receipt", "front")]
        assert till.page.payment.hint.text() != "No receipt printer is set up"
