"""Start posapp for a first look: the training window, or the tour where there is no screen."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence


def has_screen(environ: Mapping[str, str], platform: str) -> bool:
    """Tell whether a window can be shown here."""
    if platform in {"darwin", "win32"}:
        return True
    return bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def command(environ: Mapping[str, str], platform: str) -> tuple[Sequence[str], dict[str, str]]:
    """Answer the command to run and the variables to add to its environment."""
    if has_screen(environ, platform):
        return [sys.executable, "-m", "posapp", "--training"], {}
    return [sys.executable, "-m", "posapp", "tour", "--out", "tour"], {"QT_QPA_PLATFORM": "offscreen"}


def main() -> int:
    """Run posapp and answer its exit code."""
    words, extra = command(os.environ, sys.platform)
    if extra:
        print("No screen here, so the training day runs without one; its pictures go to tour/.", flush=True)
    return subprocess.run(words, check=False, env={**os.environ, **extra}).returncode


if __name__ == "__main__":
    sys.exit(main())
