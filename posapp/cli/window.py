"""`posapp` without a command: the window."""

from __future__ import annotations

from posapp.cli.session import Session


def run(session: Session) -> int:
    """Open the window, or raise the one that is open."""
    from posapp.app import run_window

    options = session.options
    return run_window(
        session.base_dir,
        training=options.training,
        screen=options.screen,
        full_screen=options.full_screen,
        verbose=options.verbose,
    )
