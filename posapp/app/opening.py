"""Opens the rest of the app; while the database server is away, the window says so and tries again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QTimer

from posapp.domain.errors import DatabaseAwayError, PosError

if TYPE_CHECKING:
    from posapp.app.composition import App
    from posapp.storage.server import Server
    from posapp.ui.away.startpage import StartPage

AGAIN_MS = 3000
_LIMIT_S = 2.5
_THERE = -1


class Opening(QObject):
    """Begins with `begin`; calls `opened` once everything is there, `failed` with what no waiting mends."""

    def __init__(
        self, app: App, data_dir: Path, opened: Callable[[], object], failed: Callable[[PosError], object]
    ) -> None:
        super().__init__(app)
        self._app, self._data_dir = app, data_dir
        self._opened, self._failed = opened, failed
        self._page: StartPage | None = None
        self._over = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._look)
        app.window.closed.connect(self._end)

    def begin(self) -> None:
        """Open a file at once; a server is asked first, in a thread, whether it is there."""
        if self._app.server is None:
            self._open()
        else:
            from posapp.ui.aside import Aside

            self._aside = Aside(self)
            self._look()

    def _look(self) -> None:
        self._again.stop()
        server, data_dir = self._app.server, self._data_dir
        if server is None or self._over:
            return
        if self._page is not None:
            self._page.retry.setEnabled(False)
        self._aside.run(lambda: _away(server, data_dir), self._heard)

    def _heard(self, kept: int) -> None:
        if self._over:
            return
        if kept == _THERE:
            self._open()
        else:
            self._wait(kept)

    def _open(self) -> None:
        try:
            self._app.open()
        except DatabaseAwayError:
            self._wait(0)
            return
        except PosError as error:
            self._failed(error)
            return
        if self._page is not None:
            self._app.window.stack.removeWidget(self._page)
            self._page.deleteLater()
            self._page = None
        self._opened()

    def _wait(self, kept: int) -> None:
        from posapp.ui.widgets.syncpill import PillState

        stack = self._app.window.stack
        if self._page is None:
            from posapp.ui.away.startpage import StartPage

            self._page = StartPage()
            self._page.retry.clicked.connect(self._look)
            stack.addWidget(self._page)
            stack.setCurrentWidget(self._page)
        server = self._app.server
        self._page.show_trouble(urlsplit(server.url).hostname or server.url if server else "", kept)
        self._page.retry.setEnabled(True)
        self._app.window.top.pill.show_state(PillState.AWAY, kept)
        self._again.start()

    def _end(self) -> None:
        self._over = True
        self._again.stop()


def _away(server: Server, data_dir: Path) -> int:
    """Return how much is kept on this computer, or that the server answers."""
    from posapp.storage.kept import KeptJournal
    from posapp.storage.postgres_errors import server_error
    from posapp.storage.postgres_pulse import Pulse
    from posapp.storage.postgres_session import psycopg

    pulse = Pulse(server, _LIMIT_S)
    try:
        pulse.beat()
    except psycopg.Error as error:
        if isinstance(server_error(error), DatabaseAwayError):
            journal = KeptJournal(data_dir)
            journal.close()
            return journal.figures.all
    except (PosError, ValueError):
        pass  # what opening says, too, and in its own words
    finally:
        pulse.close()
    return _THERE
