"""A recorded stretch of work, and the judgement of what a power cut in it leaves."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from peewee import SqliteDatabase

from posapp.storage.backup import verify_file
from posapp.storage.checks import count_problems, integrity_problems
from posapp.storage.database import open_store
from posapp.storage.dialect_sqlite import make_database
from tests.faults.disk import Step, hooked, watched_renames
from tests.faults.powercut import Platter, put_down

MEMORY = Path("/dev/shm")
Digest = Callable[[SqliteDatabase], str]


@contextmanager
def room() -> Iterator[Path]:
    """Make a folder in memory, where the machine has that: images are many and short-lived."""
    folder = Path(tempfile.mkdtemp(prefix="posapp-cuts-", dir=MEMORY if MEMORY.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(slots=True)
class Recording:
    """The steps of a stretch of work; `marks`: after how many of them the database was told to be what."""

    folder: Path
    platter: Platter
    steps: list[Step] = field(default_factory=list)
    marks: list[tuple[int, str]] = field(default_factory=list)
    backups: list[tuple[int, str, str]] = field(default_factory=list)  # after, file, what it holds
    checked: set[tuple[bytes, str]] = field(default_factory=set)  # contents of backups that were good

    def mark(self, word: str) -> None:
        """Note that an act was told to be saved: the database is what this digest says."""
        self.marks.append((len(self.steps), word))

    def backed_up(self, path: Path) -> None:
        """Note that a backup was told to be good."""
        self.backups.append((len(self.steps), str(path.relative_to(self.folder)), self.marks[-1][1]))


@contextmanager
def recording(folder: Path) -> Iterator[Recording]:
    """Record what the driver and the program do with the files of a folder."""
    made = Recording(folder, Platter(folder))
    with hooked(made.steps.append), watched_renames(made.steps.append):
        yield made


@dataclass(frozen=True, slots=True)
class Losses:
    """What replaying found: `images` by how much of the unfinished act was there."""

    images: int
    cuts: int
    outcomes: Counter[str]
    faults: list[str]


def replay(made: Recording, seed: int, images: int, digest: Digest) -> Losses:
    """Cut the power at random steps and open what is left with the production code."""
    chance = Random(seed)
    cuts = Counter(chance.randint(0, len(made.steps)) for _ in range(images))
    outcomes: Counter[str] = Counter()
    faults: list[str] = []
    with room() as folder:
        for position in range(len(made.steps) + 1):
            for number in range(cuts[position]):
                word = f"{seed}/{position}/{number}"
                image = made.platter.image(Random(word))
                target = folder / "image"
                put_down(image, target)
                try:
                    outcomes[judge(made, position, target, digest)] += 1
                except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
                    faults.append(f"seed/step/image {word}: {error!r}")
                shutil.rmtree(target)
            if position < len(made.steps):
                made.platter.do(made.steps[position])
    return Losses(images, len(cuts), outcomes, faults)


def judge(made: Recording, position: int, folder: Path, digest: Digest) -> str:
    """Open an image and compare it with what had been told before the cut; tell which of the two it is."""
    folder.mkdir(exist_ok=True)
    store = open_store(folder)
    try:
        problems = integrity_problems(store) + count_problems(store)
        assert problems == [], problems
        found = digest(store.database)
    finally:
        store.close_thread()
    told = [word for after, word in made.marks if after <= position]
    coming = next((word for after, word in made.marks if after > position), None)
    for after, name, word in made.backups:
        path = folder / name
        assert path.exists() or after > position, f"{name} was told to be written and is gone"
        if path.exists():
            content = (hashlib.sha256(path.read_bytes()).digest(), word)
            if content not in made.checked:
                _check_backup(path, word, digest)
                made.checked.add(content)
    if not told:
        return "begun"
    assert found in {told[-1], coming}, "it is neither what was told last nor what was about to be told"
    return "kept" if found == told[-1] else "one more"


def _check_backup(path: Path, word: str, digest: Digest) -> None:
    report = verify_file(path)
    assert report.ok, f"{path.name}: {report.detail}"
    copy = make_database(path)
    try:
        assert digest(copy) == word, f"{path.name} holds something else"
    finally:
        copy.close()
