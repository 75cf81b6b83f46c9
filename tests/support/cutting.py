"""A cable between a station and its database server that is cut at a chosen word of the station."""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections.abc import Callable
from typing import Self


class Cable:
    """Passes bytes on between a port of its own and the server's.

    `cut_at` arms it once: the next time that the station says these bytes all connections are cut, before
    the word is passed on or after (`heard`: the server gets it, the station gets no answer). Then `then` is
    called, and only after it are new connections let through.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.cuts = 0
        self._word = b""
        self._heard = False
        self._then: Callable[[], object] = lambda: None
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._stations: set[socket.socket] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="cable", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(10)
        self._cut()
        self._listener.close()

    def cut_at(self, word: bytes, *, heard: bool, then: Callable[[], object] = lambda: None) -> None:
        """Cut at the next such word."""
        self._heard, self._then, self._word = heard, then, word

    def _run(self) -> None:
        while not self._over.is_set():
            with selectors.DefaultSelector() as selector:
                for end in (self._listener, *self._pairs):
                    selector.register(end, selectors.EVENT_READ)
                files = [key.fileobj for key, _ in selector.select(0.05)]
            for end in (each for each in files if isinstance(each, socket.socket)):
                if end is self._listener:
                    self._join()
                elif end in self._pairs:
                    self._pass_on(end)

    def _join(self) -> None:
        station, _ = self._listener.accept()
        try:
            server = socket.create_connection(("127.0.0.1", self._port))
        except OSError:
            station.close()
            return
        self._pairs |= {station: server, server: station}
        self._stations.add(station)

    def _pass_on(self, end: socket.socket) -> None:
        other = self._pairs[end]
        try:
            said = end.recv(65_536)
        except OSError:
            said = b""
        hit = bool(self._word) and end in self._stations and self._word in said
        if said and (not hit or self._heard):
            with contextlib.suppress(OSError):
                other.sendall(said)
        if hit:
            self._word = b""
            if self._heard:
                self._until_answered(end, other)
            self._cut()
            self.cuts += 1
            self._then()
        elif not said:
            self._cut(end)

    def _until_answered(self, station: socket.socket, server: socket.socket) -> None:
        """Pass on what the station says besides, until the server answers, which the station never gets."""
        with selectors.DefaultSelector() as selector:
            for end in (station, server):
                selector.register(end, selectors.EVENT_READ)
            while not any(key.fileobj is server for key, _ in selector.select(20)):
                server.sendall(station.recv(65_536))

    def _cut(self, *only: socket.socket) -> None:
        for end in only or tuple(self._pairs):
            other = self._pairs.pop(end, None)
            if other is not None:
                self._pairs.pop(other, None)
                self._stations -= {end, other}
                end.close()
                other.close()
