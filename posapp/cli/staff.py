"""`posapp staff`: the people who work here, and their PINs."""

from __future__ import annotations

import time

from posapp.cli.output import table
from posapp.cli.session import Session
from posapp.cli.shapes import moment
from posapp.cli.signing import named, on_terminal, read_pin, system_user
from posapp.domain.errors import RefusedError
from posapp.domain.people import Role, check_pin, pin_length
from posapp.domain.who import Who
from posapp.storage.people import staff

_WAIT_S = 180  # long enough for whoever should not do this to be seen, or to think better of it
pause = time.sleep


def run(session: Session) -> int:
    """Run the action."""
    from posapp.services import people

    options = session.options
    match options.action:
        case "list":
            return _finish(session, "")
        case "add":
            who = session.who  # whose PIN comes first
            role = _role(options.role)
            made = people.add_person(session.store, options.name, role, _new_pin(options.name), who)
            return _finish(session, f"{made.name} works here now.")
        case "change":
            return _change(session)
        case "pin":
            who = session.who
            person = named(session, options.name)
            people.set_pin(session.store, person.id, _new_pin(person.name), who)
            return _finish(session, f"{person.name} has a new PIN.")
        case "recover":
            return _recover(session)
        case _:
            gone = people.remove_person(session.store, named(session, options.name).id, session.who)
            return _finish(session, f"{gone.name} does not work here any more.")


def _change(session: Session) -> int:
    from posapp.services import people

    options, who = session.options, session.who
    person = named(session, options.name)
    role = _role(options.role) if options.role else None
    longer = role is not None and pin_length(role) != pin_length(person.role)
    after = people.change_person(
        session.store,
        person.id,
        who,
        name=options.new_name,
        role=role,
        pin=_new_pin(person.name) if longer else "",
        expected_version=person.version,
    )
    return _finish(session, f"{after.name} is {after.role}.")


def _recover(session: Session) -> int:
    """Wait where everybody can see it, then take a new PIN; a script, and a hurried hand, get nowhere."""
    from posapp.services import people

    if not on_terminal():
        raise RefusedError("This needs a person at a terminal.", "Nothing was changed.")
    person = named(session, session.options.name)
    if person.role is not Role.MANAGER:
        raise RefusedError(f"{person.name} is no manager.", remedy="A manager gives a new PIN.")
    pin = _new_pin(person.name)
    check_pin(pin, person.role)
    session.out.note(
        f"{person.name} gets the new PIN in {_WAIT_S // 60} minutes. Everybody sees it in the history. "
        "Ctrl+C leaves all as it was."
    )
    pause(_WAIT_S)
    who = Who(system_user() or session.config.station, session.config.station)
    people.recover(session.store, person.id, pin, who)
    return _finish(session, f"{person.name} has a new PIN.")


def _new_pin(name: str) -> str:
    return read_pin(f"New PIN of {name}: ")


def _role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError:
        roles = ", ".join(role.value for role in Role)
        why = f"One of {roles}."
        raise RefusedError(f"There is no role “{word[:40]}”.", why, fields={"role": why}) from None


def _finish(session: Session, said: str) -> int:
    everybody = staff(session.store)
    listed = [
        {"id": one.id, "name": one.name, "role": one.role.value, "since": moment(one.created_at)}
        for one in everybody
    ]
    shown = table(("NAME", "ROLE"), [(one.name, one.role.value) for one in everybody])
    text = shown if everybody else "Nobody works here yet: the station acts for everybody."
    return session.out.finish({"staff": listed}, f"{said}\n{text}" if said else text)
