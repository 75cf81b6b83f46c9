"""Commits of other processes are heard of soon; this process's own are not mistaken for them."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from posapp.services import calls
from posapp.storage.database import open_store
from posapp.storage.feed import ALL_TOPICS, Change
from posapp.storage.listener import Listener
from posapp.storage.store import Store

EVERY_S = 0.02
_OTHER = """
import sys
from pathlib import Path
from posapp.services import calls
from posapp.storage.database import open_store
store = open_store(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    calls.ask(store, "show", {})
store.close_thread()
"""


@contextmanager
def listening(store: Store) -> Iterator[list[Change]]:
    """Collect the foreign changes that the feed brings."""
    heard: list[Change] = []
    unsubscribe = store.feed.subscribe(lambda change: heard.append(change) if change.foreign else None)
    listener = Listener(store, every_s=EVERY_S)
    listener.start()
    time.sleep(5 * EVERY_S)
    try:
        yield heard
    finally:
        listener.stop()
        unsubscribe()
        store.close_thread()


def another_process(data_dir: Path, times: int = 1) -> None:
    subprocess.run([sys.executable, "-c", _OTHER, str(data_dir), str(times)], check=True, timeout=30)


def wait_until(true: Callable[[], bool], seconds: float = 5) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(EVERY_S)
    return true()


def test_the_commit_of_another_process_is_heard(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with listening(store) as heard:
        another_process(tmp_path)
        assert wait_until(lambda: bool(heard))
    assert heard[0] == Change(ALL_TOPICS, frozenset(), origin="", foreign=True)


def test_own_commits_of_several_threads_are_not_foreign(tmp_path: Path) -> None:
    store = open_store(tmp_path)

    def write() -> None:
        for _ in range(30):
            calls.ask(store, "show", {})
            time.sleep(EVERY_S / 3)
        store.close_thread()

    with listening(store) as heard:
        threads = [threading.Thread(target=write) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        time.sleep(5 * EVERY_S)
    # A commit that is counted and not yet visible while the listener looks may cost a reading too many.
    assert len(heard) <= 3


def test_one_own_commit_after_the_other_is_never_foreign(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with listening(store) as heard:
        for _ in range(10):
            calls.ask(store, "show", {})
            time.sleep(3 * EVERY_S)
        assert heard == []


def test_a_foreign_commit_among_own_ones_is_heard(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    over = threading.Event()

    def write() -> None:
        while not over.wait(EVERY_S / 2):
            calls.ask(store, "show", {})
        store.close_thread()

    with listening(store) as heard:
        thread = threading.Thread(target=write)
        thread.start()
        another_process(tmp_path)
        try:
            assert wait_until(lambda: bool(heard))
        finally:
            over.set()
            thread.join()


def test_a_change_by_hand_that_nobody_counted_is_heard(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with listening(store) as heard:
        # Not through a write of the store, as a person with a database tool would do it.
        store.database.execute_sql("INSERT INTO meta(key, value) VALUES ('by hand', '1')")
        assert wait_until(lambda: bool(heard))


def test_silence_while_nothing_happens(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with listening(store) as heard:
        time.sleep(10 * EVERY_S)
        assert heard == []


def test_the_tally_is_private_to_the_owner(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    assert (tmp_path / "commits").stat().st_mode & 0o077 == 0
    store.close_thread()
