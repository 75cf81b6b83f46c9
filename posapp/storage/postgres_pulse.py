"""Asks a PostgreSQL server whether it is there, and never waits longer for the answer than it was told."""

from __future__ import annotations

import selectors
import time
from typing import Any

from posapp.storage.postgres_session import connect, psycopg
from posapp.storage.server import Server

_CONNECT_S = "2"  # the shortest that the driver knows


class SilentServerError(psycopg.OperationalError):
    """The server took the question and gave no answer."""


class Pulse:
    """One connection for nothing but this question; for one thread."""

    def __init__(self, server: Server, limit_s: float) -> None:
        self._server, self._limit_s = server, limit_s
        self._raw: psycopg.Connection[Any] | None = None

    def beat(self) -> None:
        """Return once the server has answered; raise psycopg.Error when it does not."""
        known = self._raw is not None
        try:
            self._ask()
        except SilentServerError:
            self.close()
            raise
        except psycopg.Error:
            self.close()
            if not known:
                raise
            self._ask()  # the old connection was ended; that alone says little

    def _ask(self) -> None:
        if self._raw is None:
            parameters = {**self._server.parameters(), "connect_timeout": _CONNECT_S}
            self._raw = connect(parameters, "posapp-pulse")
        pg = self._raw.pgconn
        end = time.monotonic() + self._limit_s
        pg.send_query(b"SELECT 1")
        with selectors.DefaultSelector() as selector:
            selector.register(pg.socket, selectors.EVENT_READ)
            while pg.is_busy():
                # A computer that was too busy to look may have the answer already.
                if not selector.select(max(0.0, end - time.monotonic())):
                    raise SilentServerError(f"it gave no answer for {self._limit_s:g} s")
                pg.consume_input()
        while (result := pg.get_result()) is not None:
            if result.status != psycopg.pq.ExecStatus.TUPLES_OK:
                raise psycopg.OperationalError(result.error_message.decode("utf-8", "replace"))

    def close(self) -> None:
        """Close the connection; the next beat makes another."""
        if self._raw is not None:
            self._raw.close()
            self._raw = None
