"""posapp itself, as the command line starts it: when its window, and the rows in it, were painted."""

from __future__ import annotations

import sys
from typing import Any

from tests.benchmarks.children.parts import PaintWatch, answer, peak_mb, since_start_ms


def main() -> None:
    """Start posapp on a data directory; the second argument says whether to wait for rows."""
    from PySide6.QtWidgets import QListView

    import posapp.app

    data_dir, with_rows = sys.argv[2], sys.argv[3] == "rows"
    found: dict[str, float] = {}

    class Watched(posapp.app.App):
        """The app, with eyes on its first picture."""

        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self._watch = PaintWatch(self.window, self._painted)

        def _painted(self) -> None:
            if found:
                return
            found.update(painted_ms=since_start_ms(), peak_mb=peak_mb())
            if not with_rows:
                answer(**found)
            view = self.window.findChild(QListView, "ordersView")
            assert isinstance(view, QListView)
            self._rows_watch = PaintWatch(view.viewport(), self._rows_painted, lambda: _has_rows(view))
            view.viewport().update()

        def _rows_painted(self) -> None:
            answer(**found, rows_ms=since_start_ms(), rows_peak_mb=peak_mb())

    posapp.app.App = Watched  # type: ignore[misc]
    from posapp.cli.main import main as run

    sys.exit(run(["--data-dir", data_dir]))


def _has_rows(view: Any) -> bool:
    return bool(view.model().rowCount() > 0)


if __name__ == "__main__":
    main()
