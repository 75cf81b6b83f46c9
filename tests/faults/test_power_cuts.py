"""The power fails at any write: nothing that was told to be saved is lost, and no act is there by halves.

What the real driver writes is recorded (tests/faults/disk.py) while the real services and senders work. Then
the power is cut at random steps: of what was not flushed, any part is lost, down to single sectors. What is
left is opened by the production code, and has to be, row for row, what had been told last, or one whole act
more.

POSAPP_POWER_CUTS is the number of images of all tests (the seed is taken from POSAPP_POWER_CUTS_SEED).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from posapp.storage import dialect_sqlite
from posapp.storage.database import open_store
from posapp.storage.restoring import restore_file
from tests.faults.day import Day, digest, migrated_digest
from tests.faults.disk import What, can_watch
from tests.faults.first_schema import make_first_schema
from tests.faults.recording import Losses, Recording, recording, replay, room
from tests.support.shop_orders import START

IMAGES = int(os.environ.get("POSAPP_POWER_CUTS", "2000"))
SEED = int(os.environ.get("POSAPP_POWER_CUTS_SEED", "20260301"))
UPGRADES = max(20, IMAGES // 40)  # each of them makes and verifies backups
PARTS = 4
TIME = pytest.mark.timeout(120 + IMAGES)
pytestmark = pytest.mark.skipif(
    not can_watch(), reason="this system's SQLite driver hides the functions that the recorder hooks into"
)


def tell(what: str, made: Recording, losses: Losses) -> None:
    print(  # noqa: T201 - figures for docs/sync.md
        f"{what}: {losses.images} images of {losses.cuts} cuts in {len(made.steps)} steps, "
        f"{len(made.marks)} commits; {dict(losses.outcomes)}; {len(losses.faults)} faults"
    )


@TIME
@pytest.mark.parametrize("part", range(PARTS))
def test_what_was_told_to_be_saved_survives_a_power_cut(part: int) -> None:
    seed = SEED + part
    with room() as folder:
        data = folder / "data"
        data.mkdir()
        with recording(data) as made:
            day = Day(folder, seed, lambda: made.mark(digest(day.store.database)), made.backed_up)
            day.work(60)
            day.close()
        losses = replay(made, seed, (IMAGES - UPGRADES) // PARTS, digest)
    tell(f"a day (seed {seed})", made, losses)
    assert losses.faults == []
    assert len(made.marks) > 50
    assert len(made.backups) > 0
    assert losses.outcomes["kept"] > 0
    assert losses.outcomes["one more"] > 0, "some images hold the act that was about to be told"


@TIME
def test_an_upgrade_that_the_power_ends_is_finished_at_the_next_start() -> None:
    with room() as folder:
        data = folder / "data"
        make_first_schema(data)
        with recording(data) as made:
            store = open_store(data)
            assert dialect_sqlite.schema_version(store.database) == dialect_sqlite.SCHEMA_VERSION
            waiting = store.all("SELECT count(*) FROM outbox WHERE state = 'pending'")
            finished = migrated_digest(store.database)
            store.close_thread()
        # Whatever is left of it: after opening it is the whole upgraded database, as it was from the start.
        made.marks.append((0, finished))
        losses = replay(made, SEED, UPGRADES, migrated_digest)
    tell("an upgrade", made, losses)
    assert waiting == [(12,)]
    assert losses.faults == []
    assert losses.outcomes["kept"] == UPGRADES


@TIME
def test_a_restore_that_the_power_ends_leaves_one_of_the_two_databases() -> None:
    with room() as folder:
        data, backups = folder / "data", list[Path]()
        data.mkdir()
        day = Day(folder, SEED, lambda: None, backups.append)
        day.work(25)
        day.close()
        chosen = backups[0].rename(folder / "chosen.db")
        shutil.rmtree(data / "backups")
        with recording(data) as made:
            _note(made, data)
            restore_file(chosen, data, START)
            _note(made, data)
        losses = replay(made, SEED, UPGRADES, digest)
    tell("a restore", made, losses)
    assert losses.faults == []
    assert made.marks[0][1] != made.marks[1][1]
    assert losses.outcomes["kept"] > 0


def _note(made: Recording, data: Path) -> None:
    store = open_store(data)
    made.mark(digest(store.database))
    store.close_thread()


def test_the_replay_notices_a_commit_that_is_not_flushed(tmp_path: Path) -> None:
    """A database that does not flush loses what it told; so the judgement above means something."""
    with room() as folder:
        data = folder / "data"
        data.mkdir()
        with recording(data) as made:
            day = Day(folder, SEED, lambda: made.mark(digest(day.store.database)), made.backed_up)
            day.work(10)
            day.close()
        log = [step for step in made.steps if step.what is What.SYNCED and step.name.endswith("-wal")]
        made.steps = [step for step in made.steps if step not in log or step is log[0]]
        made.marks = [(min(after, len(made.steps)), word) for after, word in made.marks]
        losses = replay(made, SEED, 60, digest)
    assert losses.faults
