"""Python's threads take turns; here they are short, so that the window never waits long for its own.

While it paints, the window's thread hands its turn over many times, and has to ask for it again. With
Python's usual 5 ms for each, reading a long list in another thread makes a paint several times as long.
"""

from __future__ import annotations

import sys

_TURN_S = 0.0002


class ShortTurns:
    """Short turns until `stop`."""

    def __init__(self) -> None:
        self._usual = sys.getswitchinterval()
        sys.setswitchinterval(_TURN_S)

    def stop(self) -> None:
        """Let Python's own measure be again."""
        sys.setswitchinterval(self._usual)
