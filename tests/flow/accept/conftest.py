"""Runs posapp as other programs do: as a process, through its public doors alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        """Return the one JSON object on standard output."""
        content = json.loads(self.out)
        assert isinstance(content, dict)
        return content


Posapp = Callable[..., Ended]


@pytest.fixture
def till(tmp_path: Path) -> Path:
    """Return an empty data directory."""
    path = tmp_path / "till"
    path.mkdir(mode=0o700)
    return path


@pytest.fixture
def posapp(till: Path, tmp_path: Path) -> Posapp:
    """Run a command on the till's data directory; `stdin` is what it reads."""
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")}

    def run(*arguments: str, stdin: str = "") -> Ended:
        ran = subprocess.run(
            [sys.executable, "-m", "posapp", *arguments],
            input=stdin,
            env={**os.environ, **home, "POSAPP_DATA_DIR": str(till)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in ran.stdout + ran.stderr
        return Ended(ran.returncode, ran.stdout, ran.stderr)

    return run
