"""A process killed while it prints: no ticket is lost, and none comes out twice without saying so."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from posapp.config import load
from posapp.config_file import save_printer
from posapp.domain.tickets import JobState
from posapp.printing.layout import composer
from posapp.printing.printers import Printer
from posapp.printing.worker import PrintWorker
from posapp.services import printing
from posapp.services.printing import print_receipt
from posapp.storage.database import open_store
from posapp.storage.printing import JobRow, job_row, job_rows
from posapp.storage.store import Store
from tests.support.print_program import blocks
from tests.support.shop_orders import ANNA, put_in, remote_order
from tests.support.tcp_printer import TcpPrinter

SEED = 20260521
KILLS = 8
COMPOSE = composer(ZoneInfo("Asia/Almaty"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(tmp_path / "data")
    yield store
    store.close_thread()


@contextmanager
def printing_process(data_dir: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the print queue in a process and kill it at the end."""
    process = subprocess.Popen([sys.executable, "-m", "tests.support.print_program", str(data_dir)])
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def wait_for(store: Store, job: int, *states: JobState, longest_s: float = 20) -> JobRow:
    end = time.monotonic() + longest_s
    while time.monotonic() < end:
        row = job_row(store, job)
        assert row is not None
        if row.state in states:
            return row
        time.sleep(0.005)
    pytest.fail(f"job {job} is never {states}")


@contextmanager
def worker(store: Store) -> Iterator[PrintWorker]:
    made = PrintWorker(store, lambda: load(store.data_dir).printers, blocks)
    made.start()
    yield made
    made.stop()


def test_a_ticket_in_the_middle_is_unknown_and_only_a_person_prints_it_again(
    store: Store, tmp_path: Path
) -> None:
    pk = put_in(store, remote_order("1"))[0]
    with TcpPrinter(take=40) as device:
        save_printer(tmp_path / "data", Printer("front", device.address))
        job = print_receipt(store, pk, "front", ANNA, COMPOSE)
        with printing_process(tmp_path / "data"):
            wait_for(store, job, JobState.PRINTING)
            time.sleep(0.5)

        with worker(store):
            row = wait_for(store, job, JobState.UNKNOWN)
            assert row.error == "posapp ended while it printed; look whether it is on paper."
            device.take = None  # it goes on with what it had taken from the killed process
            time.sleep(0.3)
            before = list(device.tickets)

            printing.retry(store, job, ANNA)
            wait_for(store, job, JobState.DONE)
        tickets = device.wait_for(len(before) + 1)
    assert len(before) <= 1
    assert [b"COPY" in ticket for ticket in tickets] == [False] * len(before) + [True]


@pytest.mark.timeout(120)
def test_kills_at_any_instant_lose_nothing_and_double_nothing_in_silence(
    store: Store, tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    pks = put_in(store, *(remote_order(str(number), customer_name="A") for number in range(12)))
    with TcpPrinter(slow_s=0.05, paper=None, offline=None) as device:
        save_printer(tmp_path / "data", Printer("front", device.address))
        jobs = [print_receipt(store, pk, "front", ANNA, COMPOSE) for pk in pks]
        for _ in range(KILLS):
            with printing_process(tmp_path / "data"):
                end = time.monotonic() + 20
                before = sum(row.state is JobState.QUEUED for row in job_rows(store))
                # Each process gets to its first ticket, then dies somewhere in it or in one of the next.
                while before and time.monotonic() < end:
                    if sum(row.state is JobState.QUEUED for row in job_rows(store)) < before:
                        break
                    time.sleep(0.002)
                time.sleep(chance.uniform(0, 1.2))
        with worker(store):
            rows = [wait_for(store, job, JobState.DONE, JobState.UNKNOWN, longest_s=60) for job in jobs]
        time.sleep(0.3)
        tickets = list(device.tickets)

    states = [row.state for row in rows]
    assert states.count(JobState.UNKNOWN) > 0, "some were hit in the middle"
    assert states.count(JobState.DONE) > 0, "some were not"
    for row in rows:
        name = row.title.removeprefix("Receipt ").encode()
        whole = sum(name in ticket and ticket.endswith(b"VB\x00") for ticket in tickets)
        assert whole == 1 if row.state is JobState.DONE else whole <= 1
