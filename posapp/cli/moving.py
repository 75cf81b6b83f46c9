"""`posapp database copy` and `reopen`: from one database to another, and back."""

from __future__ import annotations

import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posapp.cli.progress import Bar
from posapp.cli.session import Session
from posapp.cli.signing import system_user
from posapp.domain.errors import UsageError
from posapp.domain.people import Right
from posapp.domain.who import Who

if TYPE_CHECKING:
    from posapp.storage.moving import Moved, Place

_STEPS = {"copy": "Copying…", "compare": "Comparing every row…", "check": "Checking the file…"}


def copy(session: Session) -> int:
    """Copy everything, and tell what to put into the settings."""
    from posapp.storage.database import random_id, utc_now
    from posapp.storage.moving import move

    options = session.options
    if not options.source and not options.target:
        raise UsageError(
            "Where to?", remedy="Name it: posapp database copy --to postgresql://USER@HOST/DATABASE"
        )
    source, target = _place(session, options.source), _place(session, options.target)
    who = _who(session, source)
    begun = time.monotonic()
    with Bar(_STEPS) as bar:
        moved = move(source, target, who, utc_now(), random_id(), bar)
    seconds = time.monotonic() - begun
    used = options.use and target.live
    if used:
        from posapp.config_file import save_setting

        save_setting(session.data_dir, "database", "url", _url(target))
    return session.out.finish(_data(moved, seconds, used=used), _text(moved, seconds, used=used))


def reopen(session: Session) -> int:
    """Let a database that was closed by a copy be worked with again."""
    from posapp.services.moving import reopened

    place = _place(session, session.options.place)
    done = reopened(place, Who(system_user() or session.config.station, session.config.station))
    words = "can be worked with again. What was done elsewhere since is not in it."
    text = f"{place.words} {words}" if done else f"{place.words} was not closed. Nothing was changed."
    return session.out.finish({"place": place.words, "reopened": done}, text)


def _place(session: Session, text: str) -> Place:
    """Return the database that somebody named; the one of the settings where nobody did."""
    from posapp.storage.database import DATABASE_NAME
    from posapp.storage.moving import HERE, Place
    from posapp.storage.server import check_url, server_at

    if not text and session.server is not None:
        return Place(server=session.server)
    if not text or text == HERE:
        return Place(file=session.data_dir / DATABASE_NAME)
    if "://" not in text:
        return Place(file=Path(text).expanduser().absolute())
    try:
        check_url(text)
    except ValueError as error:
        raise UsageError(
            "This address cannot be used.", f"{error}.", "Write postgresql://USER@HOST/DATABASE."
        ) from error
    return Place(server=server_at(text, os.environ))


def _who(session: Session, source: Place) -> Who:
    """Return who copies: where people work, that is a manager's."""
    from posapp.services.moving import asked_store, refuse_kept

    refuse_kept(source, session.data_dir)
    store = asked_store(source)
    if store is None:
        return Who(system_user() or session.config.station, session.config.station)
    session.use(store)
    try:
        session.ask_permission(Right.EXPORT)
        return Who(session.who.actor, session.who.station)
    finally:
        session.close()  # signed out, and closed: nobody may use it while it is copied


def _url(target: Place) -> str:
    return target.server.url if target.server is not None else ""


def _data(moved: Moved, seconds: float, *, used: bool) -> dict[str, Any]:
    return {
        "from": moved.source.words,
        "to": moved.target.words,
        "rows": moved.rows,
        "tables": {table: asdict(found) for table, found in moved.sums.items()},
        "seconds": round(seconds, 1),
        "used": used,
        "kept": str(moved.kept) if moved.kept else "",
    }


def _text(moved: Moved, seconds: float, *, used: bool) -> str:
    orders = moved.sums["orders"].rows
    lines = [f"Copied and compared in {seconds:.1f} s: {orders:,} orders, {moved.rows:,} rows altogether."]
    if moved.kept is not None:
        lines.append(f"The older database of this place is kept: {moved.kept}.")
    if not moved.target.live:
        return "\n".join([*lines, f"The copy is {moved.target.words}."])
    line = f'url = "{_url(moved.target)}"'
    if used:
        lines.append(f"posapp.toml names it now: {line}. Write the same on the other stations.")
    else:
        lines.append(f"On each station write under [database] in posapp.toml: {line}")
    if moved.source.live:
        place = "here" if moved.source.file is not None else moved.source.words
        lines.append(f"{moved.source.words} is closed, and says where its data are.")
        lines.append(f"To go on with that one after all: posapp database reopen {place}")
    return "\n".join(lines)
