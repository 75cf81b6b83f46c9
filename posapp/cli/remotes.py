"""`posapp remotes`: list, add, password, remove, test."""

from __future__ import annotations

import getpass
import re
import sys
from typing import TYPE_CHECKING, Any

from posapp.cli.errors import WaitingError
from posapp.cli.output import table
from posapp.cli.session import Session
from posapp.cli.shapes import moment
from posapp.config import RemoteConfig, make_remote
from posapp.domain.errors import NeedsPersonError, PosError, RefusedError, UsageError
from posapp.domain.people import Right
from posapp.secrets import Place, variable_of

if TYPE_CHECKING:
    from posapp.remote.api import Outcome
    from posapp.storage.rows import RemoteRow

_LONGEST_SECRET = 4_096
_OPTIONAL = ("currency", "timezone", "poll_seconds", "collapse", "update")


def run(session: Session) -> int:
    """Run the action."""
    match session.options.action:
        case "list":
            return _finish(session)
        case "add":
            return _add(session)
        case "password":
            return _password(session)
        case "remove":
            return _remove(session)
        case _:
            return _test(session)


def _finish(session: Session, said: str = "") -> int:
    """Print all remotes."""
    from posapp.config import load
    from posapp.storage.details import remote_rows

    states = {row.name: row for row in remote_rows(session.store)}
    remotes = load(session.data_dir).remotes
    listed = [_object(session, remote, states.get(remote.name)) for remote in remotes]
    text = table(
        ("NAME", "FORMAT", "ADDRESS", "KEY", "LAST ANSWER", "STATE"),
        [
            (
                item["name"], item["format"], item["base_url"], item["secret"] or "none",
                item["last_ok_at"] or "never", item["detail"] or item["trouble"] or "",
            )
            for item in listed
        ],
        limit=60,
    )  # fmt: skip
    shown = text if listed else "No shop is connected."
    return session.out.finish({"remotes": listed}, f"{said}\n{shown}" if said else shown)


def _object(session: Session, remote: RemoteConfig, state: RemoteRow | None) -> dict[str, Any]:
    place = session.secrets.where(session.namespace, remote.name)
    return {
        "name": remote.name,
        "format": remote.format,
        "base_url": remote.base_url,
        "currency": remote.currency,
        "timezone": remote.timezone,
        "poll_seconds": remote.poll_seconds,
        "collapse": remote.collapse,
        "update": remote.update,
        "secret": place.value if place else None,
        "last_ok_at": moment(state.last_ok_at) if state else None,
        "last_pull_at": moment(state.last_pull_at) if state else None,
        "trouble": state.trouble if state else "",
        "trouble_since": moment(state.trouble_since) if state else None,
        "detail": state.detail if state else "",
        "sign_in": state.sign_in if state else False,
        "clock_skew_s": state.clock_skew_s if state else None,
    }


def _add(session: Session) -> int:
    from posapp.config_file import add_remote
    from posapp.services.remotes import note_new_secret

    session.ask_permission(Right.SETTINGS)
    remote = _checked(_entered(session))
    if any(other.name == remote.name for other in session.config.remotes):
        raise RefusedError(
            f"There is already a remote “{remote.name}”.",
            remedy="Choose another name, or remove it first.",
            fields={"name": "This name is taken."},
        )
    namespace = session.namespace
    secret = _secret_for(session, remote)
    if secret:
        session.secrets.set(namespace, remote.name, secret)
    elif not session.secrets.where(namespace, remote.name):
        raise _no_secret(remote)
    add_remote(session.data_dir, remote)
    note_new_secret(session.store, remote.name)
    return _finish(session, f"“{remote.name}” is connected.")


def _entered(session: Session) -> dict[str, Any]:
    options = session.options
    table_ = {"name": options.name, "format": options.format, "base_url": options.base_url}
    return table_ | {key: getattr(options, key) for key in _OPTIONAL if getattr(options, key) is not None}


def _checked(entered: dict[str, Any]) -> RemoteConfig:
    """Return the remote; what is wrong is told with the option as the person typed it."""
    try:
        return make_remote(entered)
    except RefusedError as error:
        title, told = error.title, dict(error.fields)
        for key in told:
            option = "NAME" if key == "name" else f"--{key.replace('_', '-')}"
            title = re.sub(rf"\A{key.capitalize()}\b|\b{key}(?=\.\Z)", option, title)
            told[key] = title
        raise RefusedError(title, error.detail, error.remedy, fields=told) from None


def _secret_for(session: Session, remote: RemoteConfig) -> str:
    """Return the secret to store, "" if none was given: a key, or a sign-in where the shop wants one."""
    from posapp.remote.tokens import SignIn

    username = _username(session, remote)
    if not remote.by_password:
        return _read_secret(f"API key of {remote.name}: ")
    if session.secrets.where(session.namespace, remote.name) is Place.ENVIRONMENT:
        return ""
    if not username:
        raise _no_username()
    password = _read_secret(f"Password of {username}: ")
    return SignIn(username, password).to_secret() if password else ""


def _username(session: Session, remote: RemoteConfig) -> str:
    """Return the name that was given, "" if none was; a shop with a key wants none."""
    username = (session.options.username or "").strip()
    if username and not remote.by_password:
        raise RefusedError("This shop wants a key, no name.", remedy="Leave --username out.")
    return username


def _no_username() -> RefusedError:
    return RefusedError(
        "This shop wants a name and a password.",
        remedy="Give the name with --username; the password is read from standard input.",
        fields={"username": "Needed."},
    )


def _password(session: Session) -> int:
    """Store a new key or password; orders, queue and settings stay as they are."""
    from posapp.remote.connect import secret_from
    from posapp.remote.registry import format_named
    from posapp.remote.tokens import read_sign_in
    from posapp.services.remotes import use_new_secret

    remote = session.config.remote(session.options.name)
    session.ask_permission(Right.SETTINGS)
    place = (session.namespace, remote.name)
    if session.secrets.where(*place) is Place.ENVIRONMENT:
        raise RefusedError(
            f"What signs in to “{remote.name}” comes from the environment.",
            "A stored one would never be used.",
            f"Change it there: {_variables(remote)}.",
        )
    stored = session.secrets.get(*place)
    username = _username(session, remote) or read_sign_in(stored).username
    if remote.by_password and not username:
        raise _no_username()
    whose = f"Password of {username}: " if remote.by_password else f"API key of {remote.name}: "
    entered = _read_secret(whose)
    if not entered:
        raise _no_secret(remote)
    session.secrets.set(*place, secret_from(format_named(remote.format), entered, username, stored))
    use_new_secret(session.store, remote.name)
    what = "password" if remote.by_password else "key"
    return _finish(session, f"“{remote.name}” has a new {what}.")


def _no_secret(remote: RemoteConfig) -> RefusedError:
    if remote.by_password:
        return RefusedError(
            "No password was given.",
            "The password is read from standard input, as one line.",
            f"Give it there, or in the environment as {_variables(remote)}.",
            fields={"password": "Needed."},
        )
    return RefusedError(
        "No key was given.",
        "The key of a shop is read from standard input, as one line.",
        f"Give it there, or in the environment as {_variables(remote)}.",
        fields={"api_key": "Needed."},
    )


def _variables(remote: RemoteConfig) -> str:
    if remote.by_password:
        return f"{variable_of(remote.name, 'USERNAME')} and {variable_of(remote.name, 'PASSWORD')}"
    return variable_of(remote.name)


def _read_secret(question: str) -> str:
    """Read a secret: asked for without showing it at a terminal, else one line of standard input."""
    if sys.stdin is None or sys.stdin.closed:
        return ""
    try:
        if sys.stdin.isatty():
            return getpass.getpass(question).strip()
        return sys.stdin.readline(_LONGEST_SECRET).strip()
    except (EOFError, UnicodeDecodeError):
        return ""


def _remove(session: Session) -> int:
    from posapp.config_file import remove_remote
    from posapp.remote.connect import Slot, sign_out
    from posapp.remote.registry import format_named
    from posapp.services.remotes import forget

    name = session.options.name
    remote = session.config.remote(name)
    session.ask_permission(Right.SETTINGS)
    namespace = session.namespace
    form = format_named(remote.format)
    if form.by_password:
        sign_out(form, remote.base_url, Slot(session.secrets, namespace, name))
    remove_remote(session.data_dir, name)
    session.secrets.delete(namespace, name)
    left = forget(session.store, name)
    if left:
        session.out.note(f"{left} changes of its orders were not settled; posapp queue list shows them.")
    return _finish(session, f"“{name}” is disconnected; its orders stay here.")


def _test(session: Session) -> int:
    remote = session.config.remote(session.options.name)
    outcome = ask_health(session, remote)
    problem = health_problem(remote.name, outcome)
    data = {
        "remotes": [
            {"name": remote.name, "ok": problem is None, "detail": outcome.detail or "It answered well."}
        ]
    }
    text = "" if problem else f"“{remote.name}” answered well. {outcome.detail}".rstrip()
    return session.out.finish(data, text, problem)


def ask_health(session: Session, remote: RemoteConfig) -> Outcome:
    """Ask a remote whether it is there and knows our key; raises NeedsPersonError without a key."""
    from posapp.remote.connect import Slot, connect
    from posapp.remote.registry import format_named

    if not session.secrets.get(session.namespace, remote.name):
        raise NeedsPersonError(
            f"There is no key for “{remote.name}” on this computer.",
            remedy=f"Enter it in the settings, or give it as {variable_of(remote.name)}.",
        )
    form = format_named(remote.format)
    slot = Slot(session.secrets, session.namespace, remote.name)
    try:
        transport = connect(form, remote.base_url, slot, total_timeout=15, pool_size=1)
    except UsageError as error:
        raise NeedsPersonError(error.title, error.detail, error.remedy) from None
    try:
        return form.read_health(transport.send(form.health_request()))
    finally:
        transport.close()


def health_problem(name: str, outcome: Outcome) -> PosError | None:
    """Return what an answer means for people, None when all is well."""
    from posapp.remote.api import Verdict

    match outcome.verdict:
        case Verdict.OK:
            return None
        case Verdict.SIGN_IN | Verdict.FORBIDDEN:
            return NeedsPersonError(
                f"“{name}” does not let us in.",
                outcome.detail,
                f"Give the right key or password: posapp remotes password {name}",
            )
        case Verdict.GONE | Verdict.REFUSED:
            return NeedsPersonError(
                f"“{name}” does not know what we ask for.", outcome.detail, "Check its address."
            )
        case _:
            return WaitingError(
                f"“{name}” could not be reached.", outcome.detail, "Check the network and its address."
            )
