"""A process that has everything imported and forks a fresh one for each command: kills by the thousand.

Only the import of the modules is shared. Each child opens its own files and connections, and dies by SIGKILL
as any process does. The kills of whole new interpreters are in test_kills.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Self

MODULES = (
    "posapp.cli.main",
    "posapp.cli.orders",
    "posapp.cli.sync",
    "posapp.sync.worker",
    "posapp.remote.client",
)
TILL, CLERK = "till", "clerk"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended; the code is -9 when it was killed."""

    code: int
    out: str
    errors: str


class Zygote:
    """The parent's side: one command at a time."""

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, "-m", "tests.faults.zygote", str(folder)]
        self._process = subprocess.Popen(
            command,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(self, *words: str, kill_after: float | None = None) -> Ended:
        """Run a command in a child of its own, and kill it after so many seconds."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps({"words": words, "kill_after": kill_after}) + "\n")
        stdin.flush()
        return Ended(**json.loads(stdout.readline()))


def _child(words: list[str], out: Path, errors: Path) -> None:
    """Be the program: with its own output files, and an end without the parent's clearing up."""
    code = 99
    try:
        for path, number in ((out, 1), (errors, 2)):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(handle, number)
        sys.stdin = io.StringIO()
        if words[0] == TILL:
            till = import_module("tests.faults.till_program")
            till.run(Path(words[1]), int(words[2]))
        elif words[0] == CLERK:
            clerk = import_module("tests.faults.clerk_program")
            clerk.run(Path(words[1]), int(words[2]), Path(words[3]))
        else:
            code = import_module("posapp.cli.main").main(words)
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _wait(pid: int, kill_after: float | None) -> int:
    end = None if kill_after is None else time.monotonic() + kill_after
    while True:
        found, status = os.waitpid(pid, 0 if end is None else os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        if end is not None and time.monotonic() >= end:
            os.kill(pid, signal.SIGKILL)
            end = None
        else:
            time.sleep(0.001)


def main() -> None:
    """Serve commands until the parent closes the pipe."""
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    out, errors = folder / "out", folder / "errors"
    for name in (*MODULES, "tests.faults.till_program", "tests.faults.clerk_program"):
        import_module(name)
    for line in sys.stdin:
        asked: dict[str, Any] = json.loads(line)
        for path in (out, errors):  # a child may die before it opens them
            path.write_bytes(b"")
        pid = os.fork()
        if pid == 0:
            _child(asked["words"], out, errors)
        code = _wait(pid, asked["kill_after"])
        # A kill may cut a letter in two.
        words, trouble = (path.read_text("utf-8", "replace") for path in (out, errors))
        said = {"code": code, "out": words, "errors": trouble}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
