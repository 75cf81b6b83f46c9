"""Several stations of a shop on one database server: their processes, their books, and what kills them."""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from posapp.storage.database import open_store
from posapp.storage.server import Server
from posapp.storage.store import Store
from tests.faults.shop_program import CONFIG, KEY
from tests.faults.zygote import CLERK, Ended, Zygote
from tests.support.faulty_remote import AT
from tests.support.postgres import PostgresServer

KILLED, AWAY = -9, 6
_DATABASE = '\n[database]\nurl = "{url}"\n'


@dataclass(frozen=True, slots=True)
class Place:
    """A computer of the shop: its data directory, its own key to the shop, its book of acts."""

    name: str
    data_dir: Path
    server: Server

    @property
    def book(self) -> Path:
        return self.data_dir / "book"

    @property
    def key(self) -> dict[str, str]:
        return {"POSAPP_REMOTE_ALMA_API_KEY": f"{KEY}{AT}{self.name}"}

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command in a whole new process."""
        return subprocess.Popen(
            [sys.executable, "-m", "posapp", "--data-dir", str(self.data_dir), *words, "--json"],
            env={**os.environ, **self.key}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *words: str, codes: tuple[int, ...] = (0,)) -> dict[str, Any]:
        """Run a command to its end; return what it prints."""
        with self.start(*words) as process:
            out, errors = process.communicate(timeout=120)
        assert process.returncode in codes, f"{words}: {process.returncode} {out} {errors}"
        found: dict[str, Any] = json.loads(out)
        return found

    def open(self) -> Store:
        return open_store(self.data_dir, server=self.server)


def place(folder: Path, name: str, server: Server, url: str) -> Place:
    """Set a computer up."""
    folder.mkdir(parents=True)
    text = CONFIG.format(url=url).replace("counter-1", name) + _DATABASE.format(url=server.url)
    (folder / "posapp.toml").write_text(text, encoding="utf-8")
    return Place(name, folder, server)


class Killed(threading.Thread):
    """Starts one program of a station again and again, each until it is killed."""

    def __init__(self, at: Place, what: str, seed: int, longest_s: float) -> None:
        super().__init__(name=f"{at.name} {what}")
        self.end = 0.0  # the last one dies then
        self.kills = 0
        self.bad: list[Ended] = []
        self._chance = random.Random(f"{seed} {at.name} {what}")
        self._at, self._what, self._longest_s = at, what, longest_s

    def run(self) -> None:
        with Zygote(self._at.data_dir / self._what, self._at.key) as zygote:
            for number in itertools.count():
                left = self.end - time.monotonic()
                if left <= 0:
                    return
                lives = self._chance.uniform(0.3, self._longest_s)
                ended = zygote.run(*self._words(number), kill_after=min(lives, left))
                self.kills += ended.code == KILLED
                # Who starts while the server is away says so and ends.
                if ended.code not in {KILLED, AWAY} or "Traceback" in ended.errors:
                    self.bad.append(ended)
                    return

    def _words(self, number: int) -> tuple[str, ...]:
        if self._what == CLERK:
            return (CLERK, str(self._at.data_dir), str(number), str(self._at.book))
        return ("--data-dir", str(self._at.data_dir), "sync", "--watch", "--json")


@dataclass(frozen=True, slots=True)
class Blow:
    """What happens to the server, so many seconds after the one before; how long it stays away."""

    after_s: float
    what: str
    away_s: float


def blows(seed: int) -> Iterator[Blow]:
    """Draw what happens to the server, for ever; the same seed gives the same."""
    chance = random.Random(f"{seed} server")
    while True:
        what = chance.choice(("immediate", "fast", "child"))
        away = 0.0 if what == "child" else chance.choice((0.0, 0.5, 2.0, 6.0))
        yield Blow(chance.uniform(4, 16), what, away)


def strike(server: PostgresServer, blow: Blow, chance: random.Random) -> None:
    """Do it, and bring the server back."""
    if blow.what == "child":
        server.kill_one(chance)
        server.wait_until_it_answers()
        return
    server.stop(signal.SIGQUIT if blow.what == "immediate" else signal.SIGINT)
    time.sleep(blow.away_s)
    server.start()


@dataclass(slots=True)
class Book:
    """What a station's clerks were told: the acts by name, and what became of each."""

    tried: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)

    def count(self) -> Counter[str]:
        """Count the acts by their end; "cut" are those that a kill ended."""
        return Counter(self.ended.get(name, "cut") for name in self.tried)


def read_book(at: Place) -> Book:
    """Read what is written; the last line of a killed clerk may be cut."""
    book = Book()
    for line in at.book.read_text("utf-8").splitlines():
        words = line.split(" ", 2)
        if words[0] == "try" and len(words) == 3:
            what, pk, target = words[2].split(" ")
            book.tried[words[1]] = (what, int(pk), target)
        elif words[0] in {"done", "refused", "failed", "unknown"}:
            book.ended[words[1]] = words[0]
            book.said[words[1]] = words[2] if len(words) > 2 else ""
    return book
