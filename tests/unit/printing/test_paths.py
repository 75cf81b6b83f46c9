"""Printers by a path, and of the system, through the real queue: whole, vanished in the middle, blocked."""

from __future__ import annotations

import contextlib
import os
import re
import threading
import time
import tty
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrinter

from posapp.domain.tickets import JobState
from posapp.printing import lane, local
from posapp.printing.document import Document
from posapp.printing.printers import Printer
from posapp.services import printing
from posapp.storage.store import Store
from posapp.ui.fonts import load_fonts
from posapp.ui.paper import paint_pages
from tests.support.escpos_reader import read_ticket
from tests.support.shop_orders import ANNA
from tests.unit.printing.test_worker import (  # noqa: F401 - fixtures
    Start,
    known,
    long_job,
    pk,
    quick,
    receipt,
    settled,
    start,
    store,
)


class Cable:
    """The other end of a device: takes so many bytes, then lets go."""

    def __init__(self, path: Path, take: int | None = None) -> None:
        self.got = bytearray()
        self._path, self._take, self._stop = path, take, threading.Event()
        # Opened for both, so that it opens at once and stays when a writer has gone.
        flags = os.O_RDONLY if take is not None else os.O_RDWR
        self._handle = os.open(path, flags | os.O_NONBLOCK)
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        while not self._stop.is_set() and (self._take is None or len(self.got) < self._take):
            try:
                part = os.read(self._handle, 512)
            except BlockingIOError:
                part = b""
            if not part:
                time.sleep(0.005)
            self.got += part
        os.close(self._handle)

    def pull(self) -> bytes:
        """End it; return what came."""
        self._stop.set()
        self._thread.join(5)
        return bytes(self.got)


@pytest.fixture
def lp0(tmp_path: Path) -> Path:
    path = tmp_path / "lp0"
    os.mkfifo(path)
    return path


def wait_for(cable: Cable, end: bytes) -> None:
    until = time.monotonic() + 10
    while end not in cable.got and time.monotonic() < until:
        time.sleep(0.01)


def test_a_device_gets_the_whole_ticket_and_opens_the_drawer(
    store: Store,  # noqa: F811
    pk: int,  # noqa: F811
    lp0: Path,
    start: Start,  # noqa: F811
) -> None:
    cable = Cable(lp0)
    start(Printer("usb", str(lp0), kind="device", drawer=True))
    assert settled(store, receipt(store, pk, "usb", drawer=True)).state is JobState.DONE
    wait_for(cable, b"\x1dV")
    paper = read_ticket(cable.pull())
    assert "Order #1001" in paper.text
    assert (paper.cuts, paper.drawer) == (1, 1)


def test_a_serial_line_gets_every_byte_as_it_is(
    store: Store,  # noqa: F811
    pk: int,  # noqa: F811
    start: Start,  # noqa: F811
) -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    try:
        start(Printer("serial", os.ttyname(slave), kind="device"))
        job = receipt(store, pk, "serial")
        got, until = bytearray(), time.monotonic() + 10
        while b"\x1dV" not in got and time.monotonic() < until:
            got += os.read(master, 4096)
        assert settled(store, job).state is JobState.DONE
    finally:
        os.close(master)
        os.close(slave)
    assert "Order #1001" in read_ticket(bytes(got)).text


def test_a_plain_file_may_stand_for_a_device(
    store: Store,  # noqa: F811
    pk: int,  # noqa: F811
    tmp_path: Path,
    start: Start,  # noqa: F811
) -> None:
    file = tmp_path / "lp0"
    file.touch()
    start(Printer("usb", str(file), kind="device"))
    assert settled(store, receipt(store, pk, "usb")).state is JobState.DONE
    assert "Order #1001" in read_ticket(file.read_bytes()).text


def test_a_device_that_is_pulled_out_in_the_middle_leaves_it_to_a_person(
    store: Store,  # noqa: F811
    lp0: Path,
    start: Start,  # noqa: F811
) -> None:
    cable = Cable(lp0, take=5_000)
    start(Printer("usb", str(lp0), kind="device"))
    job = long_job("usb", store)
    row = settled(store, job)
    assert len(cable.pull()) >= 5_000
    assert row.state is JobState.UNKNOWN
    assert row.attempts == 1
    assert re.fullmatch(rf"{lp0} failed after [\d,]+ of [\d,]+ bytes\.", row.error)

    again = Cable(lp0)
    printing.retry(store, job, ANNA)
    until = time.monotonic() + 10
    while known(store, job).state is not JobState.DONE and time.monotonic() < until:
        time.sleep(0.02)
    wait_for(again, b"\x1dV")
    assert read_ticket(again.pull()).lines[0].text.strip() == "COPY"


@pytest.mark.usefixtures("quick")
def test_a_device_that_takes_nothing_at_all_has_printed_nothing(
    store: Store,  # noqa: F811
    pk: int,  # noqa: F811
    lp0: Path,
    start: Start,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(local.write_device, "__defaults__", (0.2,))
    full = os.open(lp0, os.O_RDWR | os.O_NONBLOCK)
    try:
        with contextlib.suppress(BlockingIOError):
            while os.write(full, b"x" * 4096):
                pass
        start(Printer("usb", str(lp0), kind="device"))
        row = settled(store, receipt(store, pk, "usb"))
    finally:
        os.close(full)
    assert (row.state, row.attempts) == (JobState.FAILED, 3)
    assert row.error == f"{lp0} stopped taking data before it took anything."


@pytest.mark.usefixtures("quick")
def test_a_device_that_was_named_as_a_file_prints_once_and_says_what_ails_it(
    store: Store,  # noqa: F811
    pk: int,  # noqa: F811
    lp0: Path,
    start: Start,  # noqa: F811
) -> None:
    cable = Cable(lp0)
    start(Printer("usb", str(lp0), kind="file"), Printer("full", "/dev/full", kind="file"))
    row = settled(store, receipt(store, pk, "usb"))
    assert (row.state, row.attempts) == (JobState.DONE, 1)
    wait_for(cable, b"\x1dV")
    assert read_ticket(cable.pull()).cuts == 1

    row = settled(store, receipt(store, pk, "full"))
    assert row.state is JobState.FAILED
    assert row.error == "/dev/full cannot be written: no paper, or the disk is full."


@pytest.fixture
def on_paper(tmp_path: Path, qapp: object) -> tuple[Path, lane.SystemPrint]:
    """Return a PDF in the place of a system's printer, and what paints on it in the printer's own thread."""
    del qapp
    load_fonts()
    path = tmp_path / "office.pdf"

    def paint(document: Document, printer: Printer) -> None:
        device = QPrinter(QPrinter.PrinterMode.HighResolution)
        device.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        device.setOutputFileName(str(path))
        paint_pages(document, device, printer.dots)

    return path, paint


def test_a_printer_of_the_system_is_painted_on_from_the_queue(
    store: Store,  # noqa: F811
    pk: int,  # noqa: F811
    start: Start,  # noqa: F811
    on_paper: tuple[Path, lane.SystemPrint],
) -> None:
    path, paint = on_paper
    start(Printer("office", "Office", kind="system"), system=paint)
    assert settled(store, receipt(store, pk, "office")).state is JobState.DONE
    one = path.read_bytes()
    assert one.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", one)) == 1
    assert settled(store, long_job("office", store)).state is JobState.DONE
    assert len(re.findall(rb"/Type\s*/Page\b", path.read_bytes())) > 10


def test_a_drawer_alone_sends_a_printer_of_the_system_nothing(
    store: Store,  # noqa: F811
    start: Start,  # noqa: F811
    on_paper: tuple[Path, lane.SystemPrint],
) -> None:
    path, paint = on_paper
    start(Printer("office", "Office", kind="system"), system=paint)
    job = printing.open_drawer(store, "office", ANNA, '{"blocks":[]}')
    assert settled(store, job).state is JobState.DONE
    assert not path.exists()
