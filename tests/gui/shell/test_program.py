"""posapp as a program of its own: one window per data directory, training, a clean end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from posapp.app import run_window
from posapp.config import load
from posapp.domain.errors import PosError, StorageError
from posapp.services import calls
from posapp.storage.catalogue import products
from posapp.storage.database import open_store
from posapp.storage.locks import window_lock
from posapp.training import FOLDER, empty

_RUN = """
import sys
from pathlib import Path
from posapp.app import run_window
sys.exit(run_window(Path(sys.argv[1]), training="training" in sys.argv, screen="settings"))
"""


def start(data_dir: Path, *more: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", _RUN, str(data_dir), *more],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stderr=subprocess.PIPE,
    )


@contextmanager
def running(data_dir: Path, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    process = start(data_dir, *more)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()


def wait_until(true: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def orders_in(data_dir: Path, remote: str) -> int:
    if not (data_dir / "posapp.db").exists():
        return 0
    try:
        store = open_store(data_dir)
    except PosError:
        return 0  # it is being made
    row = store.one("SELECT count(*) FROM orders WHERE remote = ?", (remote,))
    store.close_thread()
    return int(row[0]) if row else 0


def dishes_in(data_dir: Path) -> int:
    store = open_store(data_dir)
    found = products(store)
    store.close_thread()
    return len(found)


def signed_in(data_dir: Path, remote: str) -> bool:
    store = open_store(data_dir)
    row = store.one("SELECT last_pull_at FROM remotes WHERE name = ? AND trouble = ''", (remote,))
    store.close_thread()
    return row is not None and row[0] is not None


def test_a_second_start_raises_the_first_and_sigterm_ends_it_cleanly(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        assert wait_until((tmp_path / "posapp.db").exists)
        second = start(tmp_path)
        assert second.wait(15) == 0
        second.communicate()
        assert first.poll() is None
        first.send_signal(signal.SIGTERM)
        assert first.wait(10) == 0
        assert first.stderr is not None
        said = first.stderr.read().decode()
    # The screenless platform says that it was asked to raise the window, and there is nothing else to say.
    assert said.splitlines() == ["This plugin does not support raise()"]


def test_a_window_that_does_not_answer_is_in_use(tmp_path: Path) -> None:
    holder = window_lock(tmp_path)
    assert holder.acquire()
    try:
        with pytest.raises(StorageError) as refused:
            run_window(tmp_path)
    finally:
        holder.release()
    assert refused.value.exit_code == 6
    assert "in use" in refused.value.title
    store = open_store(tmp_path)
    assert calls.take(store, calls.SHOW) == []
    store.close_thread()


def test_a_broken_settings_file_is_told_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "posapp.toml").write_text("[station\n", "utf-8")
    with pytest.raises(PosError) as refused:
        run_window(tmp_path)
    assert refused.value.exit_code == 2
    assert not (tmp_path / "posapp.db").exists()


def test_a_database_that_cannot_be_used_ends_the_window(tmp_path: Path) -> None:
    (tmp_path / "posapp.db").write_bytes(b"this is no database" * 100)
    with running(tmp_path) as process:
        _, complaint = process.communicate(timeout=30)
    assert process.returncode == 1  # the command line turns the error into a sentence and exit code 6
    assert b"StorageError" in complaint


def test_training_begins_anew_and_keeps_its_key_to_itself(tmp_path: Path) -> None:
    training = tmp_path / FOLDER
    training.mkdir()
    (training / "posapp.toml").write_text('[station]\nname = "yesterday"\n', "utf-8")
    with running(tmp_path, "training") as process:
        # The first of the shop in Thamel comes after two and a half minutes; its shift begins empty.
        assert wait_until(lambda: orders_in(training, "alma-pizza") > 0)
        config = load(training)
        assert config.station == "counter-1"
        shops = {remote.name: (remote.format, remote.currency) for remote in config.remotes}
        assert shops == {"alma-pizza": ("internal", "KZT"), "mamma-pizza-thamel": ("staff", "NPR")}
        assert all(remote.base_url.startswith("http://127.0.0.1:") for remote in config.remotes)
        assert wait_until(lambda: signed_in(training, "mamma-pizza-thamel"))
        assert dishes_in(training) == 35
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
    assert not (tmp_path / "posapp.db").exists()
    written = (training / "posapp.toml").read_text("utf-8").casefold()
    assert "key" not in written
    assert "password" not in written


def test_only_a_training_directory_is_ever_emptied(tmp_path: Path) -> None:
    (tmp_path / "posapp.db").write_bytes(b"precious")
    with pytest.raises(ValueError, match="training"):
        empty(tmp_path)
    assert (tmp_path / "posapp.db").read_bytes() == b"precious"
