"""Printers in the network (TCP, usually port 9100): nothing waits for ever, and every byte is counted."""

from __future__ import annotations

import contextlib
import errno
import select
import socket
import struct
import sys
import threading
import time
from dataclasses import dataclass

from posapp.printing.status import ASK_OFFLINE, ASK_PAPER, is_status, trouble_of
from posapp.printing.trouble import PrintTroubleError, so_far, stopped, why

_POLL_S = 0.1
_CHUNK = 1024
_BUFFER = 4096  # small, so that what is counted as sent is soon at the printer


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each step may take, in seconds; `write_s` is counted anew whenever some bytes go out."""

    connect_s: float = 5.0
    answer_s: float = 0.4
    write_s: float = 10.0
    settle_s: float = 1.0


def send(host: tuple[str, int], data: bytes, stop: threading.Event, patience: Patience = Patience()) -> None:
    """Print; raise PrintTroubleError with the reason, and whether some of it may be on paper."""
    name = host[0]
    connection = _connect(host, stop, patience)
    try:
        connection.setblocking(False)
        _check_status(connection, name, patience)
        sent = _write(connection, data, name, stop, patience)
        _drain(connection, sent, len(data), name, stop, patience)
        _settle(connection, len(data), name, patience)
    except PrintTroubleError:
        _abort(connection)
        raise
    finally:
        connection.close()


def probe(host: tuple[str, int], stop: threading.Event, patience: Patience = Patience()) -> None:
    """Find out whether a printer answers and can print; raise PrintTroubleError when not."""
    connection = _connect(host, stop, patience)
    try:
        connection.setblocking(False)
        _check_status(connection, host[0], patience)
    finally:
        connection.close()


def _connect(host: tuple[str, int], stop: threading.Event, patience: Patience) -> socket.socket:
    name = host[0]
    try:
        found = socket.getaddrinfo(*host, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise PrintTroubleError(f"There is no computer called {name} in this network.") from None
    trouble: PrintTroubleError | None = None
    for family, kind, protocol, _, address in found:
        connection = socket.socket(family, kind, protocol)
        try:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
            connection.setblocking(False)
            code = connection.connect_ex(address)
            if code in {errno.EINPROGRESS, errno.EWOULDBLOCK, 10035}:
                _wait_to_write(connection, name, stop, patience.connect_s)
                code = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code == 0:
                return connection
            trouble = PrintTroubleError(why(OSError(code, ""), name))
        except PrintTroubleError as error:
            trouble = error
        connection.close()
    raise trouble or PrintTroubleError(f"{name} does not answer.")


def _wait_to_write(connection: socket.socket, name: str, stop: threading.Event, longest_s: float) -> None:
    end = time.monotonic() + longest_s
    while not select.select([], [connection], [connection], _POLL_S)[1]:
        if stop.is_set():
            raise stopped(reached=False)
        if time.monotonic() >= end:
            raise PrintTroubleError(f"{name} does not answer.")


def _check_status(connection: socket.socket, name: str, patience: Patience) -> None:
    """Ask for paper and cover; printers that do not answer such questions are printed on all the same."""
    offline = _ask(connection, ASK_OFFLINE, name, patience)
    paper = _ask(connection, ASK_PAPER, name, patience) if offline is not None else None
    trouble = trouble_of(offline, paper)
    if trouble:
        raise PrintTroubleError(f"{name}: {trouble}.")


def _ask(connection: socket.socket, question: bytes, name: str, patience: Patience) -> int | None:
    try:
        connection.send(question)
        if not select.select([connection], [], [], patience.answer_s)[0]:
            return None
        answer = connection.recv(64)
    except OSError as error:
        raise PrintTroubleError(f"{name} broke the connection.") from error
    if not answer:
        raise PrintTroubleError(f"{name} broke the connection.")
    return answer[-1] if is_status(answer[-1]) else None


def _write(
    connection: socket.socket, data: bytes, name: str, stop: threading.Event, patience: Patience
) -> int:
    sent, end = 0, time.monotonic() + patience.write_s
    while sent < len(data):
        if stop.is_set():
            raise stopped(reached=sent > 0)
        if time.monotonic() >= end:
            raise _stalled(connection, sent, len(data), name)
        if not select.select([], [connection], [], _POLL_S)[1]:
            continue
        try:
            sent += connection.send(data[sent : sent + _CHUNK])
        except BlockingIOError:
            continue
        except OSError as error:
            raise _broken(sent, _unsent(connection), len(data), name) from error
        end = time.monotonic() + patience.write_s
    return sent


def _drain(
    connection: socket.socket, sent: int, total: int, name: str, stop: threading.Event, patience: Patience
) -> None:
    """Wait until the printer's side has everything, where the system can tell."""
    left, end = _unsent(connection), time.monotonic() + patience.write_s
    while left:
        if stop.is_set():
            raise stopped(reached=True)
        if time.monotonic() >= end:
            raise _stalled(connection, sent, total, name)
        stop.wait(_POLL_S / 4)
        # What a broken connection had not taken stays in its count for ever.
        if connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise _broken(sent, left, total, name)
        now = _unsent(connection)
        if now < left:
            left, end = now, time.monotonic() + patience.write_s


def _settle(connection: socket.socket, total: int, name: str, patience: Patience) -> None:
    """Say goodbye: a printer that had not read everything answers by breaking the connection."""
    try:
        connection.shutdown(socket.SHUT_WR)
        end = time.monotonic() + patience.settle_s
        while (left := end - time.monotonic()) > 0:
            if select.select([connection], [], [], left)[0] and not connection.recv(64):
                return
    except OSError as error:
        words = f"{name} broke the connection before it had taken all {total:,} bytes."
        raise PrintTroubleError(words, reached=True) from error


def _abort(connection: socket.socket) -> None:
    """Take back what has not gone out: else the system sends it later, though it was told as failed."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _stalled(connection: socket.socket, sent: int, total: int, name: str) -> PrintTroubleError:
    return _cut("stopped taking data", sent, sent - _unsent(connection), total, name)


def _broken(sent: int, left: int, total: int, name: str) -> PrintTroubleError:
    return _cut("broke the connection", sent, sent - left, total, name)


def _cut(what: str, sent: int, taken: int, total: int, name: str) -> PrintTroubleError:
    """Tell how far it got; a printer may print what it never confirmed."""
    if sent and taken <= 0:
        return PrintTroubleError(f"{name} {what} and did not say how much it took.", reached=True)
    return PrintTroubleError(so_far(what, name, max(0, taken), total), reached=sent > 0)


if sys.platform == "linux":
    import fcntl
    import termios

    def _unsent(connection: socket.socket) -> int:
        """Return how many bytes the other side has not confirmed yet."""
        try:
            answer = fcntl.ioctl(connection, termios.TIOCOUTQ, b"\0" * 4)
        except OSError:
            return 0
        return int.from_bytes(answer, sys.byteorder)

else:

    def _unsent(connection: socket.socket) -> int:  # noqa: ARG001
        """Return nothing: only Linux can tell."""
        return 0
