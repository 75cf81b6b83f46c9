"""The composition root: builds the running app, and runs it as a program."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from posapp.app.composition import App
from posapp.ui.pages import ORDERS

if TYPE_CHECKING:
    from posapp.app.composition import TransportFactory
    from posapp.app.doors import Secrets

__all__ = ["App", "build", "run_window"]


def build(
    data_dir: Path,
    *,
    clock: Callable[[], datetime] | None = None,
    transport: TransportFactory | None = None,
    secrets: Secrets | None = None,
    training: bool = False,
    screen: str = ORDERS,
    start_sync: bool = True,
    show: bool = False,
    sounds: bool | None = None,
) -> App:
    """Build the running app on a data directory and return it; the caller closes it.

    `clock` tells the time (aware; default: the real one), `transport` makes the connections to the remotes
    (default: real ones), `secrets` holds their keys. Sync starts after the window's first paint, or after a
    moment if it is never shown. `sounds` None: only where there is a screen. Raises PosError when the
    settings or the database cannot be used.
    """
    app = App(
        data_dir,
        clock=clock,
        transport=transport,
        secrets=secrets,
        training=training,
        screen=screen,
        start_sync=start_sync,
        sounds=sounds,
    )
    try:
        app.open()
    except BaseException:
        app.close()
        raise
    if show:
        app.window.show()
    return app


def run_window(
    data_dir: Path,
    *,
    training: bool = False,
    screen: str | None = None,
    full_screen: bool = False,
    verbose: bool = False,
) -> int:
    """Run the desktop app until its window is closed, or raise the window that is open; return 0.

    Raises PosError when the data directory cannot be used or a window holds it and does not answer.
    """
    from posapp.app.desktop import run

    return run(
        App, data_dir, training=training, screen=screen or ORDERS, full_screen=full_screen, verbose=verbose
    )
