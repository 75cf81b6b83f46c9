"""What a PostgreSQL server says, as sentences for people."""

from __future__ import annotations

from posapp.domain.errors import DatabaseAwayError, StorageError

_BUSY = ("55P03", "40001", "40P01", "57014", "53300")
_AWAY_TITLE = "The database server cannot be reached."
_AWAY_REMEDY = "Check that it runs and that this computer is on its network; posapp goes on when it is back."
_SAYINGS = {
    "28": (
        "The database server does not let this station in.",
        "Check the user in posapp.toml, and the password: posapp database init --password-stdin keeps it.",
    ),
    "PS001": ("Another station sends now.", "Nothing is needed: it goes on with what is waiting."),
    "PS002": ("The data were moved.", "Close posapp and start it again: it says where."),
    "3D": ("There is no such database on the server.", "Make it: posapp database init."),
    "42501": ("This station may not do that in the database.", "Make its rights anew: posapp database init."),
    "53100": ("The disk is full.", "Free some space on the server; nothing that was saved is lost."),
    "25006": (
        "The database cannot be written.",
        "The server only reads: name another one.",
    ),
    "XX": ("The database is damaged.", "Restore a backup on the server. Keep the damaged files."),
}


def server_error(error: Exception) -> StorageError:
    """Return the sentences for an error of the driver."""
    told = _first_line(error)
    state = _state(error)
    if state in _BUSY:
        return StorageError("The database is busy.", told, "Another station holds it; try again in a minute.")
    for begun in (state, state[:2]):
        if begun in _SAYINGS:
            title, remedy = _SAYINGS[begun]
            return StorageError(title, told, remedy)
    if "password" in told or "no pg_hba.conf entry" in told or "role " in told:
        return StorageError(_SAYINGS["28"][0], told, _SAYINGS["28"][1])
    if "certificate" in told or "SSL" in told:
        return _untrusted(told)
    if 'database "' in told and "does not exist" in told:
        return StorageError(_SAYINGS["3D"][0], told, _SAYINGS["3D"][1])
    if not state or state[:2] in {"08", "57"}:
        return DatabaseAwayError(_AWAY_TITLE, told, _AWAY_REMEDY)
    return StorageError("The database cannot be used.", told, "Look at the server's log.")


def _untrusted(told: str) -> StorageError:
    if "does not support SSL" in told:
        return StorageError(
            "The database server does not speak TLS.",
            told,
            "Nothing was sent to it. Set ssl = on at the server, with a certificate for its name.",
        )
    # The driver does not say why: the authority, or the time.
    remedy = (
        "Name the authority that signed it: ?sslrootcert=FILE at the end of url in posapp.toml. If that is "
        "right, check this computer's clock, and whether the certificate has expired."
    )
    if "does not match" in told:
        remedy = "Write the server's name in url as its certificate has it, or give it one for this name."
    return StorageError("The database server's certificate is not trusted.", told, remedy)


def _state(error: BaseException | None) -> str:
    """Return the server's code for what went wrong; Peewee's errors stand before the driver's own."""
    while error is not None:
        state = getattr(error, "sqlstate", None)
        if state:
            return str(state)
        error = error.__cause__ or error.__context__
    return ""


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return " ".join(lines[:2]) or type(error).__name__
