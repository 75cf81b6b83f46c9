"""`posapp tour`: the training day without a screen, with a picture of every screen."""

from __future__ import annotations

from pathlib import Path

from posapp.cli.session import Session
from posapp.domain.errors import UsageError

LANGUAGES = ("en",)


def run(session: Session) -> int:
    """Run the tour and say what was written."""
    options = session.options
    if options.language not in LANGUAGES:
        raise UsageError(
            f"posapp does not speak “{options.language}” yet.", remedy=f"Use: {', '.join(LANGUAGES)}."
        )
    from posapp import tour

    screens = tour.run(
        Path(options.out).expanduser().absolute(), language=options.language, theme=options.theme
    )
    shown = [{"name": screen.name, "file": str(screen.file)} for screen in screens]
    return session.out.finish({"screens": shown}, "\n".join(str(screen.file) for screen in screens))
