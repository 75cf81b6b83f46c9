"""A clerk at one of several stations, as a program of its own: acts without end, and says what became of it.

Each act carries a name of its own as its actor, so that it can be found again in the history and the queue.
A line is written before an act ("try") and one after it: "done", "refused" (nothing is written), "failed"
(the database could not be used: nothing is written) or "unknown" (the answer to the commit was lost).
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from posapp.config import load
from posapp.domain.errors import RefusedError, StaleOrderError, StorageError
from posapp.domain.status import Kind, Status, allowed_moves, next_step
from posapp.domain.who import Who
from posapp.services import edits, orders
from posapp.storage.database import open_store
from posapp.storage.server import server_at
from posapp.storage.store import Store

ZONE = ZoneInfo("Asia/Almaty")
UNKNOWN = "It is not known"
OPEN = (
    "SELECT pk, status, kind FROM orders WHERE status NOT IN ('delivered', 'cancelled') ORDER BY pk LIMIT 40"
)
AWAY_S = 0.1


class Clerk:
    """One run of a clerk; `book` is written line by line, each before anything else is done."""

    def __init__(self, store: Store, station: str, number: int, book: Path) -> None:
        self._store = store
        self._station = station
        self._number = number
        self._chance = random.Random(f"{station} {number}")
        self._book = os.open(book, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._acts = 0

    def say(self, *words: object) -> None:
        os.write(self._book, (" ".join(map(str, words)) + "\n").encode())

    def work(self) -> None:
        """Act for ever."""
        while True:
            time.sleep(self._chance.uniform(0.02, 0.25))
            try:
                found = self._store.all(OPEN)
            except StorageError:
                self.say("away")
                time.sleep(AWAY_S)
                continue
            if found:
                self._act(*self._chance.choice(found))

    def _act(self, pk: int, status: str, kind: str) -> None:
        self._acts += 1
        name = f"{self._station}.{self._number}.{self._acts}"
        who = Who(name, self._station)
        what, target = self._choose(Status(status), Kind(kind))
        self.say("try", name, what, pk, target)
        try:
            done = self._do(what, pk, target, who)
        except (RefusedError, StaleOrderError):
            self.say("refused", name)
        except StorageError as error:
            self.say("unknown" if error.title.startswith(UNKNOWN) else "failed", name, str(error))
        else:
            self.say("done" if done else "refused", name)

    def _choose(self, status: Status, kind: Kind) -> tuple[str, str]:
        draw = self._chance.random()
        if draw < 0.7:
            return "move", (next_step(status, kind) or Status.DELIVERED).value
        if draw < 0.8:
            return "move", self._chance.choice(allowed_moves(status, kind) or (Status.ACCEPTED,)).value
        return ("undo", "-") if draw < 0.9 else ("edit", f"{self._station}-{self._number}-{self._acts}")

    def _do(self, what: str, pk: int, target: str, who: Who) -> bool:
        if what == "move":
            return orders.move(self._store, pk, Status(target), who).changed
        if what == "undo":
            orders.undo(self._store, pk, who)
        else:
            edits.save(self._store, pk, {"street": target}, who, ZONE)
        return True


def run(data_dir: Path, number: int, book: Path) -> None:
    """Work at the station of a data directory; nobody ends this but a kill."""
    config = load(data_dir)
    server = server_at(str(config.get("database", "url")), os.environ)
    while True:
        try:
            Clerk(open_store(data_dir, server=server), config.station, number, book).work()
        except StorageError:  # not there to be opened
            time.sleep(AWAY_S)


if __name__ == "__main__":
    run(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
