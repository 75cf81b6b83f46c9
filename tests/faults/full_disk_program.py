"""Runs posapp's command line on a disk of its own that fills up or turns read-only, and says what came of it.

Started in a mount namespace where this process may mount: `unshare -rm python -m` and its name.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

from posapp.domain.status import Status
from posapp.services import orders
from posapp.storage.checks import count_problems, integrity_problems
from posapp.storage.database import open_store
from tests.support.shop_orders import ANNA, put_in, remote_order

SIZE_KB = 12_288
STEP = 4096


def mount(folder: Path, *options: str) -> None:
    subprocess.run(["mount", *options, str(folder)], check=True)


def posapp(data_dir: Path, *words: str) -> tuple[int, str, str]:
    """Run a command; return its exit code, what it printed, and what it told people."""
    command = [sys.executable, "-m", "posapp", "--data-dir", str(data_dir), *words, "--json"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=60
    )
    return done.returncode, done.stdout, done.stderr


def free_kb(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize // 1024


def fill(folder: Path, leave_kb: int) -> Path:
    """Fill the disk up to so much."""
    ballast = folder / "ballast"
    with ballast.open("wb") as out:
        while free_kb(folder) > leave_kb:
            out.write(bytes(STEP))
            out.flush()
    return ballast


def say(**facts: Any) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def prepare(data_dir: Path, orders: int) -> None:
    """Make the database, and print the ids of its orders."""
    store = open_store(data_dir)
    put_in(store, *(remote_order(str(number)) for number in range(orders)))
    for (name,) in store.all("SELECT id FROM orders ORDER BY pk"):
        sys.stdout.write(f"{name}\n")
    store.close_thread()


def main() -> None:
    if sys.argv[1] == "prepare":
        prepare(Path(sys.argv[2]), int(sys.argv[3]))
        return
    folder, points = Path(sys.argv[1]), int(sys.argv[2])
    chance = Random(points)
    mount(folder, "-t", "tmpfs", "-o", f"size={SIZE_KB}k", "tmpfs")
    data_dir = folder / "data"
    # In a process of its own: what a program has mapped keeps a disk from turning read-only.
    command = [sys.executable, "-m", "tests.faults.full_disk_program", "prepare", str(data_dir), str(points)]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    for number, name in enumerate(names):
        words = ("orders", "move", name, "accepted")
        if number % 4 == 3:
            mount(folder, "-o", "remount,ro")
            code, text, told = posapp(data_dir, *words)
            mount(folder, "-o", "remount,rw")
            how = "read-only"
        else:
            leave = 0 if number % 4 == 0 else 4 * chance.randrange(60)
            ballast = fill(folder, leave)
            code, text, told = posapp(data_dir, *words)
            ballast.unlink()
            how = f"{leave} KB left"
        say(order=name, how=how, code=code, text=text, told=told)
    store = open_store(data_dir)
    found = dict(store.all("SELECT id, status FROM orders"))
    # With space again everything goes on.
    for (pk,) in store.all("SELECT pk FROM orders"):
        orders.move(store, pk, Status.ACCEPTED, ANNA)
    problems = integrity_problems(store) + count_problems(store)
    after = dict(store.all("SELECT id, status FROM orders"))
    store.close_thread()
    say(found=found, after=after, problems=problems)


if __name__ == "__main__":
    main()
