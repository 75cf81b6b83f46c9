"""The tickets of a sale on real printers: good, dead and stalled ones; the window never waits for them."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from posapp.config_file import save_printer
from posapp.domain.errors import PosError
from posapp.domain.payment import Tender
from posapp.domain.sale_rules import SaleRules
from posapp.domain.status import PaymentMethod
from posapp.domain.tickets import JobState
from posapp.printing import lane
from posapp.printing.printers import Printer
from posapp.services import counter
from posapp.storage.printing import JobRow, job_rows
from posapp.ui.payment.dialog import PaymentDialog
from posapp.ui.payment.tickets import also_for
from posapp.ui.shell_parts import ProblemBar
from tests.gui.payment.test_account import account_dialog, key, opened, over
from tests.gui.shell.conftest import Make, Running
from tests.support.escpos_reader import read_ticket
from tests.support.glyphs import missing
from tests.support.shop_orders import ANNA
from tests.support.tcp_printer import TcpPrinter, free_port
from tests.support.till import RULES, a_line, a_sale

CASH, CARD = Tender(PaymentMethod.CASH), Tender(PaymentMethod.CARD, reference="0077")
SALE = a_sale(
    a_line("2890.00", 2, title="Пепперони 25 см", notes="Пиязсыз"), a_line("690.00", 1, title="मोमो")
)
MOST_MS, TRIES = 100, 3


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tries of a dead printer follow each other at once."""
    monkeypatch.setattr(lane, "PAUSES_S", (0.05, 0.05))


class Beat:
    """A heart in the window's thread: `longest` tells for how long it stood still."""

    def __init__(self) -> None:
        self.longest = 0
        self._since = QElapsedTimer()
        self._since.start()
        self._timer = QTimer(interval=1)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        self.longest = max(self.longest, self._since.restart())

    def stop(self) -> None:
        self._timer.stop()


@pytest.fixture
def beat() -> Iterator[Beat]:
    made = Beat()
    yield made
    made.stop()


def with_printers(make: Make, tmp_path: Path, *printers: Printer) -> Running:
    (tmp_path / "data").mkdir(exist_ok=True)
    for printer in printers:
        save_printer(tmp_path / "data", printer)
    return make()


def sell(running: Running, *tenders: Tender, rules: SaleRules = RULES) -> counter.Sold:
    """Sell as the screen for new orders does: in the jobs' thread."""
    ctx = running.window.ctx
    done: list[counter.Sold] = []
    also = also_for(ctx)
    ctx.tasks.run(lambda: counter.sell(ctx.store, SALE, rules, ANNA, tenders=tenders, also=also), done.append)
    running.bot.waitUntil(lambda: bool(done))
    return done[0]


def jobs_when(running: Running, *states: JobState) -> tuple[JobRow, ...]:
    """Return the jobs, the oldest first, once they stand like this."""
    end = time.monotonic() + 15
    while time.monotonic() < end:
        found = tuple(reversed(job_rows(running.app.store)))
        if tuple(job.state for job in found) == states:
            return found
        running.bot.wait(20)
    pytest.fail(f"{[job.state for job in job_rows(running.app.store)]} is not {states}")


def test_a_cash_sale_opens_the_drawer_and_prints_all_that_was_sold_and_paid(
    make: Make, tmp_path: Path
) -> None:
    with TcpPrinter() as front, TcpPrinter() as grill:
        running = with_printers(
            make,
            tmp_path,
            Printer("front", front.address, code_page="cp866", drawer=True),
            Printer("grill", grill.address, code_page="cp866", roles=("kitchen",)),
        )
        sold = sell(running, replace(CASH, tendered=Decimal("10000")))
        [receipt], [kitchen] = front.wait_for(1), grill.wait_for(1)
        jobs_when(running, JobState.DONE, JobState.DONE)

    paper = read_ticket(receipt)
    assert paper.drawer == 1
    words = f"{sold.code} 2 x Пепперони 25 см 5 780 1 x मोमो 690 TOTAL 6 470 ₸ Cash 10 000 Change 3 530"
    assert missing(paper, words) == []
    ticket = read_ticket(kitchen)
    assert ticket.drawer == 0
    assert missing(ticket, f"{sold.code} 2 x Пепперони 25 см Пиязсыз 1 x मोमो") == []
    assert "6 470" not in ticket.text.replace("\u00a0", " ")


def test_a_card_leaves_the_drawer_shut(make: Make, tmp_path: Path) -> None:
    with TcpPrinter() as front:
        running = with_printers(make, tmp_path, Printer("front", front.address, drawer=True))
        sell(running, CARD)
        [receipt] = front.wait_for(1)
        jobs_when(running, JobState.DONE)

    paper = read_ticket(receipt)
    assert paper.drawer == 0
    assert missing(paper, "Card 6 470 0077") == []


def test_without_a_printer_a_sale_is_a_sale(make: Make) -> None:
    running = make()
    sold = sell(running, CASH)

    assert sold.balance.due == 0
    assert job_rows(running.app.store) == ()


def paid_for(running: Running, beat: Beat, states: tuple[JobState, ...]) -> int:
    """Sell, take the money with F12; return for how long the window stood still meanwhile."""
    pk = opened(running, counter.sell(running.app.store, SALE, RULES, ANNA).pk)
    dialog = account_dialog(running)
    QApplication.processEvents()
    beat.longest = 0
    key(dialog, Qt.Key.Key_F12)
    running.bot.waitUntil(dialog.settled.isVisible)
    if states:
        jobs_when(running, *states)
    running.bot.wait(50)
    stood = beat.longest
    dialog.reject()
    assert running.app.store.one("SELECT payment_status FROM orders WHERE pk = ?", (pk,)) == ("paid",)
    return stood


@pytest.mark.parametrize("trouble", ["absent", "stalled", "breaks"])
def test_a_bad_printer_delays_no_sale_and_is_told(
    make: Make, tmp_path: Path, trouble: str, beat: Beat
) -> None:
    then = "break" if trouble == "breaks" else "stall"
    with TcpPrinter(take=40, then=then, offline=None, paper=None) as bad:
        address = bad.address if trouble != "absent" else f"127.0.0.1:{free_port()}"
        running = with_printers(make, tmp_path, Printer("front", address))
        state = JobState.FAILED if trouble == "absent" else JobState.UNKNOWN
        stood = MOST_MS
        for tried in range(1, TRIES + 1):
            stood = paid_for(running, beat, () if trouble == "stalled" else (state,) * tried)
            if stood < MOST_MS:
                break  # other programs may have had the machine before; a printer would be there each time
        assert stood < MOST_MS
        if trouble != "stalled":
            running.rest()
            bar = running.find(ProblemBar, "problemBar")
            told = " ".join(label.text() for label in bar.findChildren(QLabel))
            word = "was not printed." if trouble == "absent" else "may not have been printed."
            assert re.search(rf"Receipt C1-\d+ {re.escape(word)}", told)
        running.app.close()


def test_a_refund_prints_its_receipt_and_opens_the_drawer(make: Make, tmp_path: Path) -> None:
    with TcpPrinter() as front:
        running = with_printers(make, tmp_path, Printer("front", front.address, drawer=True))
        sold = sell(running, CASH)
        jobs_when(running, JobState.DONE)
        opened(running, sold.pk)
        dialog = account_dialog(running)
        assert isinstance(dialog, PaymentDialog)
        QTest.mouseClick(dialog.refund_button, Qt.MouseButton.LeftButton)
        refund = over(running, dialog)
        key(refund, "cold")
        key(refund, Qt.Key.Key_Return)
        jobs_when(running, JobState.DONE, JobState.DONE)
        paper = read_ticket(front.wait_for(2)[1])

    assert paper.drawer == 1
    assert missing(paper, "REFUND GIVEN BACK 6 470 ₸ Cash, back Reason: cold It comes to now") == []
    assert "COPY" not in paper.text, "it says what no receipt said before"
    assert "TOTAL" not in paper.text


def test_a_sale_that_is_refused_prints_nothing(make: Make, tmp_path: Path) -> None:
    with TcpPrinter() as front:
        running = with_printers(make, tmp_path, Printer("front", front.address))
        ctx = running.window.ctx
        refused: list[PosError] = []
        also, short = also_for(ctx), replace(CASH, tendered=Decimal("1"))
        ctx.tasks.run(
            lambda: counter.sell(ctx.store, SALE, RULES, ANNA, tenders=[short], also=also),
            failed=refused.append,
        )
        running.bot.waitUntil(lambda: bool(refused))

    assert job_rows(running.app.store) == ()
    assert front.tickets == []
