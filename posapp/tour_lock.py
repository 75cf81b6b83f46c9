"""The end of the training day: people get their PINs, and the window locks."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from posapp.domain.people import Role

if TYPE_CHECKING:
    from posapp.app import App

# Who works there, with their PINs; the first is the manager.
STAFF = (("Olga", Role.MANAGER, "735928"), ("Aigerim", Role.COUNTER, "1397"), ("Daniyar", Role.COOK, "2580"))
_LONGEST_S = 10.0


def lock_up(app: App) -> None:
    """Let people work here, which locks the window, and one of them begin to type a PIN."""
    from posapp.services.people import add_person, sign_in

    ctx = app.context
    name, role, pin = STAFF[0]
    boss = add_person(ctx.store, name, role, pin, ctx.who)
    manager = sign_in(ctx.store, boss.id, pin, ctx.config.station).who
    for name, role, pin in STAFF[1:]:
        add_person(ctx.store, name, role, pin, manager)
    end = time.monotonic() + _LONGEST_S
    while not app.window.people.locked and time.monotonic() < end:
        app.wait_idle()
    for figure in "13":
        app.window.people.screen.pad.press(figure)
