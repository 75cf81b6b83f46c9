"""The faulty shop and posapp as programs of their own, to be started, asked and killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Self
from urllib.request import Request, urlopen

KEY = "key-of-the-test-shop"
CONFIG = """[station]
name = "counter-1"

[[remotes]]
name = "alma"
format = "internal"
base_url = "{url}"
currency = "KZT"
timezone = "Asia/Almaty"
poll_seconds = 2
"""


class ShopProgram:
    """The faulty shop in a process of its own."""

    def __init__(self, *options: str) -> None:
        command = [sys.executable, "-m", "tests.support.faulty_remote", "--until-eof", *options]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = _pipe(self._process.stdout).readline().strip()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        _pipe(self._process.stdin).close()
        self._process.wait(10)
        _pipe(self._process.stdout).close()

    def ask(self, call: str, **values: Any) -> Any:
        """Make one call of the control door; a call without values is a question."""
        body = json.dumps(values).encode() if values else None
        request = Request(f"{self.url}/_control/{call}", data=body)  # noqa: S310 - our own address
        with urlopen(request, timeout=10) as answer:  # noqa: S310
            return json.loads(answer.read())

    def statuses(self) -> dict[str, str]:
        orders: dict[str, dict[str, str]] = self.ask("state")["orders"]
        return {remote_id: order["status"] for remote_id, order in orders.items()}


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


class Posapp:
    """posapp's command line over one data directory."""

    def __init__(self, data_dir: Path, url: str) -> None:
        self.data_dir = data_dir
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data_dir / "posapp.toml").write_text(CONFIG.format(url=url))
        self._environment = {**os.environ, "POSAPP_REMOTE_ALMA_API_KEY": KEY}

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command and leave it running."""
        command = [sys.executable, "-m", "posapp", "--data-dir", str(self.data_dir), *words, "--json"]
        return subprocess.Popen(
            command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, codes: Sequence[int] = (0,)) -> dict[str, Any]:
        """Run a command to its end; return what it prints."""
        with self.start(*words) as process:
            out, errors = process.communicate(timeout=60)
        assert process.returncode in codes, f"{words}: {process.returncode} {out} {errors}"
        found: dict[str, Any] = json.loads(out)
        return found
