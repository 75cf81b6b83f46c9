"""Printers in the network, over real sockets: what came out is told truly, and nothing waits for ever."""

from __future__ import annotations

import errno
import re
import threading
import time

import pytest

from posapp.printing.network import Patience, probe, send
from posapp.printing.trouble import PrintTroubleError, StoppedError, why
from tests.support.tcp_printer import TcpPrinter, free_port

QUICK = Patience(connect_s=0.5, answer_s=0.3, write_s=0.5, settle_s=0.5)
TICKET = b"\x1b@Soup\n" * 10_000  # more than any buffer between takes
NEVER = threading.Event()


def host(address: str) -> tuple[str, int]:
    name, _, port = address.rpartition(":")
    return name, int(port)


def trouble(printer: TcpPrinter, data: bytes = TICKET) -> PrintTroubleError:
    with pytest.raises(PrintTroubleError) as caught:
        send(host(printer.address), data, NEVER, QUICK)
    return caught.value


def test_a_good_printer_gets_every_byte() -> None:
    with TcpPrinter() as printer:
        send(host(printer.address), TICKET, NEVER, QUICK)
        assert printer.wait_for(1) == [TICKET]


def test_a_printer_that_knows_no_questions_prints_all_the_same() -> None:
    with TcpPrinter(paper=None, offline=None) as printer:
        send(host(printer.address), b"Soup\n", NEVER, QUICK)
        assert printer.wait_for(1) == [b"Soup\n"]


def test_a_slow_printer_is_waited_for() -> None:
    with TcpPrinter(slow_s=0.005) as printer:
        send(host(printer.address), TICKET, NEVER, QUICK)
        assert printer.wait_for(1) == [TICKET]


def test_nobody_there() -> None:
    with pytest.raises(PrintTroubleError) as caught:
        send(("127.0.0.1", free_port()), TICKET, NEVER, QUICK)

    assert caught.value.reason == "127.0.0.1 refused the connection."
    assert caught.value.reached is False


def test_a_name_that_nobody_has() -> None:
    with pytest.raises(PrintTroubleError) as caught:
        send(("no-such-printer.invalid", 9100), TICKET, NEVER, QUICK)

    assert caught.value.reason == "There is no computer called no-such-printer.invalid in this network."


@pytest.mark.parametrize(
    ("offline", "paper", "words"),
    [
        (0x12, 0x72, "no paper"),
        (0x32, 0x12, "no paper"),
        (0x16, 0x12, "its cover is open"),
        (0x52, 0x12, "it reports a fault"),
    ],
)
def test_what_the_printer_says_of_itself_is_told_and_nothing_is_sent(
    offline: int, paper: int, words: str
) -> None:
    with TcpPrinter(offline=offline, paper=paper) as printer:
        found = trouble(printer)

    assert found.reason == f"127.0.0.1: {words}."
    assert found.reached is False
    assert printer.tickets == []


def test_a_printer_that_stops_taking_data() -> None:
    with TcpPrinter(take=1200) as printer:
        started = time.monotonic()
        found = trouble(printer)

    assert time.monotonic() - started < 5
    assert found.reached is True
    match = re.fullmatch(r"127\.0\.0\.1 stopped taking data after ([\d,]+) of 70,000 bytes\.", found.reason)
    assert match is not None
    assert 1200 <= int(match[1].replace(",", "")) < 70_000


def test_a_short_ticket_that_the_printer_never_reads_is_not_told_as_printed() -> None:
    with TcpPrinter(take=0, offline=None, paper=None) as printer:
        found = trouble(printer, b"x" * 30_000)

    assert found.reached is True


def test_a_printer_that_breaks_the_connection_in_the_middle() -> None:
    with TcpPrinter(take=1200, then="break") as printer:
        found = trouble(printer)

    assert found.reached is True
    assert re.fullmatch(r"127\.0\.0\.1 broke the connection (after|before).* 70,000 bytes\.", found.reason)


def test_a_printer_that_hangs_up_before_anything_was_sent() -> None:
    with TcpPrinter(take=0, then="break") as printer:
        found = trouble(printer)

    assert found.reached is False
    assert found.reason == "127.0.0.1 broke the connection."


def test_a_printer_that_says_it_is_ready_and_hangs_up_is_told_as_what_is_known() -> None:
    with TcpPrinter(take=0, then="answer") as printer:
        found = trouble(printer)

    sent = "127.0.0.1 broke the connection and did not say how much it took."
    nothing = "127.0.0.1 broke the connection before it took anything."
    assert found.reason == (sent if found.reached else nothing)


@pytest.mark.parametrize("code", [errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE])
def test_a_connection_that_breaks_while_it_is_made_has_plain_words_too(code: int) -> None:
    assert why(OSError(code, ""), "192.168.1.50") == "192.168.1.50 broke the connection."


def test_the_end_of_the_program_does_not_wait_for_a_stalled_printer() -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    with TcpPrinter(take=100) as printer:
        started = time.monotonic()
        with pytest.raises(StoppedError) as caught:
            send(host(printer.address), TICKET, stop, Patience(write_s=30))

    assert time.monotonic() - started < 3
    assert caught.value.reached is True


def test_a_probe_prints_nothing() -> None:
    with TcpPrinter() as printer:
        probe(host(printer.address), NEVER, QUICK)
        time.sleep(0.2)
    assert printer.tickets == []
    with TcpPrinter(paper=0x72) as printer, pytest.raises(PrintTroubleError, match="no paper"):
        probe(host(printer.address), NEVER, QUICK)
