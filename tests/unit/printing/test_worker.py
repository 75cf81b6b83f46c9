"""The print queue at work, on real sockets and files: each printer for itself, each outcome told truly."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from posapp.domain.tickets import JobState, TicketKind
from posapp.printing import lane, local
from posapp.printing.bitmap import MonoBitmap
from posapp.printing.document import Document, Size, text, to_json
from posapp.printing.layout import composer
from posapp.printing.printers import Printer
from posapp.printing.trouble import PrintTroubleError
from posapp.printing.worker import PrintWorker
from posapp.services import printing
from posapp.services.printing import print_receipt
from posapp.storage.printing import JobRow, NewJob, add_job, begin_job, end_job, job_row
from posapp.storage.store import Store
from tests.support.escpos_reader import read_ticket
from tests.support.shop_orders import ANNA, Clock, make_store, put_in, remote_order
from tests.support.tcp_printer import TcpPrinter, free_port

COMPOSE = composer(ZoneInfo("Asia/Almaty"))


def blocks(words: str, width: int, bold: bool, size: Size) -> MonoBitmap:
    wide = max(1, min(width, 8 * len(words)))
    return MonoBitmap(wide, 24, b"\xff" * ((wide + 7) // 8 * 24))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = make_store(tmp_path / "data", Clock())
    yield store
    store.close_thread()


@pytest.fixture
def pk(store: Store) -> int:
    return put_in(store, remote_order("1", customer_name="Anna", address="Abay 52"))[0]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the tries of a dead printer follow each other at once."""
    monkeypatch.setattr(lane, "PAUSES_S", (0.05, 0.05))


Start = Callable[..., PrintWorker]


@pytest.fixture
def start(store: Store) -> Iterator[Start]:
    made: list[PrintWorker] = []

    def make(*printers: Printer, system: lane.SystemPrint | None = None) -> PrintWorker:
        worker = PrintWorker(store, lambda: printers, blocks, system)
        made.append(worker)
        worker.start()
        return worker

    yield make
    for worker in made:
        worker.stop()


def receipt(store: Store, pk: int, printer: str, *, drawer: bool = False) -> int:
    return print_receipt(store, pk, printer, ANNA, COMPOSE, drawer=drawer)


def known(store: Store, job: int) -> JobRow:
    row = job_row(store, job)
    assert row is not None
    return row


def settled(store: Store, job: int, longest_s: float = 10) -> JobRow:
    end = time.monotonic() + longest_s
    while (row := known(store, job)).finished_at is None and time.monotonic() < end:
        time.sleep(0.01)
    return row


def test_a_queued_receipt_comes_out(store: Store, pk: int, start: Start) -> None:
    with TcpPrinter() as device:
        start(Printer("front", device.address, drawer=True))
        job = receipt(store, pk, "front", drawer=True)

        assert settled(store, job).state is JobState.DONE
        [data] = device.wait_for(1)
    paper = read_ticket(data)
    assert "Order #1001" in paper.text
    assert (paper.cuts, paper.drawer) == (1, 1)


def test_what_was_queued_before_the_program_started_comes_out_in_its_order(
    store: Store, pk: int, tmp_path: Path, start: Start
) -> None:
    file = tmp_path / "paper.bin"
    jobs = [receipt(store, pk, "file") for _ in range(3)]

    start(Printer("file", str(file), kind="file"))

    assert [settled(store, job).state for job in jobs] == [JobState.DONE] * 3
    paper = read_ticket(file.read_bytes())
    assert paper.cuts == 3
    # All but the first may have another one on paper beside them, and say so.
    assert paper.text.split().count("COPY") == 2
    assert paper.lines[0].text.strip() == "Alma"


@pytest.mark.usefixtures("quick")
def test_a_dead_printer_fails_with_its_reason_after_some_tries(store: Store, pk: int, start: Start) -> None:
    start(Printer("front", f"127.0.0.1:{free_port()}"))

    row = settled(store, receipt(store, pk, "front"))

    assert (row.state, row.attempts) == (JobState.FAILED, 3)
    assert row.error == "127.0.0.1 refused the connection."


def test_a_stalled_printer_holds_up_neither_the_others_nor_who_prints(
    store: Store, pk: int, start: Start
) -> None:
    with TcpPrinter(take=10) as stalled, TcpPrinter() as good:
        start(Printer("dead", stalled.address), Printer("front", good.address))
        held = receipt(store, pk, "dead")
        while known(store, held).state is JobState.QUEUED:
            time.sleep(0.01)
        began = time.monotonic()
        jobs = [receipt(store, pk, "front") for _ in range(5)]
        queued = time.monotonic() - began
        states = [settled(store, job).state for job in jobs]
        took = time.monotonic() - began

        assert states == [JobState.DONE] * 5
        assert queued < 1
        assert took < 10
        assert len(good.wait_for(5)) == 5


@pytest.mark.usefixtures("quick")
def test_a_broken_connection_leaves_the_job_unknown_and_it_is_not_tried_again(
    store: Store, pk: int, start: Start
) -> None:
    with TcpPrinter(take=100, then="break") as device:
        start(Printer("front", device.address))
        row = settled(store, receipt(store, pk, "front"))
        time.sleep(0.3)

        assert (row.state, known(store, row.pk).attempts) == (JobState.UNKNOWN, 1)
        assert "broke the connection" in row.error


@pytest.mark.usefixtures("quick")
def test_a_person_sends_it_to_another_printer_and_it_says_copy(
    store: Store, pk: int, tmp_path: Path, start: Start
) -> None:
    file = tmp_path / "paper.bin"
    with TcpPrinter(take=100, then="break") as device:
        start(Printer("front", device.address), Printer("spare", str(file), kind="file"))
        job = receipt(store, pk, "front")
        assert settled(store, job).state is JobState.UNKNOWN

        printing.move(store, job, "spare", ANNA)

        assert settled(store, job).state is JobState.DONE
    assert read_ticket(file.read_bytes()).lines[0].text.strip() == "COPY"


@pytest.mark.usefixtures("quick")
def test_paper_that_is_out_is_told_and_a_retry_prints_when_there_is_some(
    store: Store, pk: int, start: Start
) -> None:
    with TcpPrinter(paper=0x72) as device:
        start(Printer("front", device.address))
        job = receipt(store, pk, "front")
        row = settled(store, job)
        assert (row.state, row.error) == (JobState.FAILED, "127.0.0.1: no paper.")

        device.paper = 0x12
        printing.retry(store, job, ANNA)

        assert settled(store, job).state is JobState.DONE
        [data] = device.wait_for(1)
    assert "COPY" not in read_ticket(data).text


def test_a_printer_that_is_not_in_the_settings_is_named(store: Store, pk: int, start: Start) -> None:
    start()

    row = settled(store, receipt(store, pk, "gone"))

    assert row.state is JobState.FAILED
    assert row.error == "There is no printer “gone” in the settings."


@pytest.mark.usefixtures("quick")
def test_a_folder_or_a_missing_device_is_told_in_plain_words(
    store: Store, pk: int, tmp_path: Path, start: Start
) -> None:
    start(
        Printer("folder", str(tmp_path), kind="file"),
        Printer("usb", str(tmp_path / "lp0"), kind="device"),
    )

    folder, usb = receipt(store, pk, "folder"), receipt(store, pk, "usb")

    assert settled(store, folder).error == f"{tmp_path} is a folder."
    words = "check the cable, and whether the printer is switched on."
    assert settled(store, usb).error == f"There is no {tmp_path / 'lp0'}: {words}"


def test_a_device_that_takes_nothing_is_told_and_others_print(
    store: Store, pk: int, tmp_path: Path, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = tmp_path / "lp0"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    monkeypatch.setattr(local.write_device, "__defaults__", (0.3,))
    try:
        start(Printer("usb", str(pipe), kind="device"))
        job = long_job("usb", store)
        row = settled(store, job)
    finally:
        os.close(reader)

    assert row.state is JobState.UNKNOWN
    assert f"{pipe} stopped taking data after 65,536 of " in row.error


def test_a_printer_of_the_system_gets_the_layout(store: Store, pk: int, start: Start) -> None:
    seen: list[str] = []

    def system(document: Document, printer: Printer) -> None:
        seen.append(printer.address)
        if len(seen) == 1:
            raise PrintTroubleError("There is no printer “HP” in the system.", reached=True)

    start(Printer("office", "HP", kind="system"), system=system)

    assert settled(store, receipt(store, pk, "office")).state is JobState.UNKNOWN
    assert settled(store, receipt(store, pk, "office")).state is JobState.DONE
    assert seen == ["HP", "HP"]


@pytest.mark.expects_log("Printing failed")
def test_a_bug_ends_neither_the_printer_nor_the_truth(store: Store, pk: int, start: Start) -> None:
    calls: list[int] = []

    def system(document: Document, printer: Printer) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise ZeroDivisionError

    start(Printer("office", "HP", kind="system"), system=system)

    assert settled(store, receipt(store, pk, "office")).state is JobState.UNKNOWN
    assert settled(store, receipt(store, pk, "office")).state is JobState.DONE


def test_a_ticket_that_makes_no_sense_fails_and_the_next_is_printed(
    store: Store, pk: int, tmp_path: Path, start: Start
) -> None:
    bad, good = receipt(store, pk, "file"), receipt(store, pk, "file")
    with store.write() as tx:
        tx.execute("UPDATE print_jobs SET payload = '{\"blocks\": 5}' WHERE pk = ?", (bad,))

    start(Printer("file", str(tmp_path / "paper.bin"), kind="file"))

    assert settled(store, bad).state is JobState.FAILED
    assert "cannot be read" in known(store, bad).error
    assert settled(store, good).state is JobState.DONE


def test_what_an_earlier_process_was_printing_is_unknown_and_not_printed(
    store: Store, pk: int, tmp_path: Path, start: Start
) -> None:
    job = receipt(store, pk, "file")
    assert begin_job(store, job)

    start(Printer("file", str(tmp_path / "paper.bin"), kind="file"))

    row = settled(store, job)
    assert row.state is JobState.UNKNOWN
    assert "look whether it is on paper" in row.error
    assert not (tmp_path / "paper.bin").exists()


def test_the_end_of_the_program_notes_what_was_on_its_way(store: Store, pk: int) -> None:
    with TcpPrinter(take=10) as stalled:
        printer = Printer("front", stalled.address)
        worker = PrintWorker(store, lambda: (printer,), blocks)
        worker.start()
        job = long_job("front", store)
        deadline = time.monotonic() + 10
        while known(store, job).state is not JobState.PRINTING and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.5)
        began = time.monotonic()
        worker.stop()

        assert time.monotonic() - began < 2
        row = known(store, job)
    assert (row.state, row.error) == (JobState.UNKNOWN, "posapp was closed while it printed.")


def long_job(printer: str, store: Store) -> int:
    document = Document(tuple(text("Soup " * 20) for _ in range(900)))
    with store.write() as tx:
        return add_job(tx, NewJob(TicketKind.REPORT, "Report", printer, to_json(document)), "anna", "till")


def test_a_trial_page_comes_out_past_the_queue(store: Store, start: Start) -> None:
    with TcpPrinter() as device:
        worker = start()
        worker.try_out(Printer("new", device.address), Document((text("Trial"),)))
        [data] = device.wait_for(1)
    assert read_ticket(data).words == "Trial"
    with pytest.raises(PrintTroubleError, match="refused the connection"):
        worker.try_out(Printer("new", f"127.0.0.1:{free_port()}"), Document((text("Trial"),)))


def test_two_programs_print_each_ticket_once(store: Store, pk: int, tmp_path: Path, start: Start) -> None:
    file = tmp_path / "paper.bin"
    printer = Printer("file", str(file), kind="file")
    start(printer)
    start(printer)
    jobs = [receipt(store, pk, "file") for _ in range(5)]

    assert [settled(store, job).state for job in jobs] == [JobState.DONE] * 5
    assert read_ticket(file.read_bytes()).cuts == 5


def test_tickets_of_long_ago_are_forgotten_and_those_that_wait_are_not(
    store: Store, pk: int, tmp_path: Path, start: Start
) -> None:
    old, waits = receipt(store, pk, "file"), receipt(store, pk, "nobody")
    assert begin_job(store, old)
    end_job(store, old, JobState.DONE)
    clock = store.clock
    assert isinstance(clock, Clock)
    clock.pass_by(days=31)

    start(Printer("file", str(tmp_path / "paper.bin"), kind="file"))

    assert settled(store, waits).state is JobState.FAILED
    assert job_row(store, old) is None
