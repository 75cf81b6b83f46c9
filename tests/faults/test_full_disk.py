"""A disk that is full, or read-only, under the command line: refused with a sentence and exit code 6."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

POINTS = int(os.environ.get("POSAPP_FULL_DISKS", "24"))
NAMESPACE = ("unshare", "--map-root-user", "--mount")


def may_mount() -> bool:
    """Tell whether this process may mount in a namespace of its own: containers often forbid it."""
    if shutil.which(NAMESPACE[0]) is None:
        return False
    command = [*NAMESPACE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.timeout(60 + 8 * POINTS)
@pytest.mark.skipif(not may_mount(), reason="mounting in a namespace of its own is not allowed here")
def test_a_full_or_read_only_disk_refuses_with_a_sentence_and_loses_nothing(tmp_path: Path) -> None:
    command = [*NAMESPACE, sys.executable, "-m", "tests.faults.full_disk_program", str(tmp_path), str(POINTS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    *tries, end = map(json.loads, done.stdout.splitlines())

    assert len(tries) == POINTS
    for found in tries:
        text, told = found["text"], found["told"]
        assert found["code"] in {0, 6}, found
        assert "Traceback" not in told
        if found["code"] == 6:
            assert json.loads(text)["error"]["title"].endswith("."), found
        # What was told to be saved is, and what was refused is not.
        assert end["found"][found["order"]] == ("created" if found["code"] else "accepted"), found
    codes = Counter((found["how"] == "read-only", found["code"]) for found in tries)
    print(f"full and read-only disks: {POINTS} tries, by (read-only, exit code): {dict(codes)}")  # noqa: T201
    assert codes[True, 6] == POINTS // 4, "read-only refuses always"
    assert codes[False, 6] >= POINTS // 4
    assert end["problems"] == []
    assert set(end["after"].values()) == {"accepted"}, "with space again everything goes on"
