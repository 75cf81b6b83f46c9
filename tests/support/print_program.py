"""The print queue in a process of its own, to be killed: it prints what a data directory holds."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from posapp.config import load
from posapp.printing.bitmap import MonoBitmap
from posapp.printing.document import Size
from posapp.printing.worker import PrintWorker
from posapp.storage.database import open_store


def blocks(words: str, width: int, bold: bool, size: Size) -> MonoBitmap:
    """Draw a block for a text."""
    del bold, size
    wide = max(1, min(width, 8 * len(words)))
    return MonoBitmap(wide, 24, b"\xff" * ((wide + 7) // 8 * 24))


def main(data_dir: Path) -> None:
    """Print for ever."""
    store = open_store(data_dir)
    PrintWorker(store, lambda: load(data_dir).printers, blocks).start()
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
