"""A receipt printer in the network, on a real socket: a good one, or one with a fault of its own."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from typing import Self


@dataclass
class TcpPrinter:
    """Listens on loopback; what each connection brought is in `tickets`, questions left out.

    `paper`, `offline`: the answers to DLE EOT 4 and 2, None for a printer that knows no questions.
    `take`: reads so many bytes, then does what `then` says: "stall", "break" the connection, or "answer" all
    questions before it breaks it.
    """

    paper: int | None = 0x12
    offline: int | None = 0x12
    take: int | None = None
    then: str = "stall"
    slow_s: float = 0.0
    tickets: list[bytes] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._over = threading.Event()
        self._listener = socket.socket()
        # Small, so that what is not read soon stands still at the sender.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        self._listener.settimeout(0.05)
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def wait_for(self, count: int, longest_s: float = 10) -> list[bytes]:
        """Return the tickets once there are so many."""
        end = time.monotonic() + longest_s
        while len(self.tickets) < count and time.monotonic() < end:
            time.sleep(0.01)
        return list(self.tickets)

    def _accept(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = self._listener.accept()
                thread = threading.Thread(target=self._serve, args=(connection,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        got, asked = bytearray(), 0
        with connection:
            connection.settimeout(0.05)
            while not self._over.is_set():
                full = self.take is not None and len(got) >= self.take
                if full and (self.then != "answer" or asked == 2):
                    if self.then != "stall":
                        # Nothing lingers: the other side hears of it at once.
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        return
                    self._over.wait(0.05)
                    continue
                try:
                    part = connection.recv(min(1024, self.take - len(got)) if self.take else 1024)
                except TimeoutError:
                    continue
                except ConnectionResetError:
                    return
                if not part:
                    break
                answered = self._answered(connection, part)
                asked += not answered
                got += answered
                time.sleep(self.slow_s)
        if got:
            self.tickets.append(bytes(got))

    def _answered(self, connection: socket.socket, part: bytes) -> bytes:
        """Answer a question, which comes alone and before the ticket; return what is to be printed."""
        questions = {b"\x10\x04\x02": self.offline, b"\x10\x04\x04": self.paper}
        if part not in questions:
            return part
        answer = questions[part]
        if answer is not None:
            connection.send(bytes([answer]))
        return b""


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
