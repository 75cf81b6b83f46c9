"""The log: a small rotating file that nobody else can read, without secrets or personal data."""

from __future__ import annotations

import contextlib
import json
import logging
import logging.handlers
import os
import re
import stat
import sys
import threading
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path

from posapp.domain.errors import DatabaseAwayError, PosError

FILE_NAME = "posapp.log"
MAX_BYTES = 2_000_000
KEPT_FILES = 5
HIDDEN = "***"
_MIN_SECRET = 4
_MAX_RECORD = 64 * 1024

_NAMED = re.compile(
    r"""(?ix)
    (\b(?:[\w-]{0,40}(?:api[-_ ]?key|authorization|passw(?:or)?d|secret|token|cookie)[\w-]{0,40}|pin)\b
      ["']? \s* [:=] \s* )                            # name: / "name": / name=
    ( "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | (?:(?:bearer|basic|token)\s+)? [^\s,;"'&)}\]]+ )
    """
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9+/._~=-]{6,}")
_USER_INFO = re.compile(r"(?<=://)[^/\s@]{1,200}@")
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_UUID = r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"
_MOMENT = r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?"
# Nine digits or more, alone or grouped as telephone numbers are. Ids and times are stepped over.
_NUMBER = re.compile(rf"(?P<keep>{_UUID}|{_MOMENT})|\+?\(?\d(?:[ ()-]{{0,2}}\d){{8,}}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

_secrets: set[str] = set()
_lock = threading.Lock()


def hide(secret: str) -> None:
    """Never write `secret` into a log from now on."""
    if len(secret) < _MIN_SECRET:
        return
    with _lock:
        _secrets.update({secret, json.dumps(secret)[1:-1], repr(secret)[1:-1]})


def redact(text: str) -> str:
    """Return `text` without secrets, known or by their look, telephone numbers and e-mail addresses."""
    with _lock:
        known = sorted(_secrets, key=len, reverse=True)
    for secret in known:
        text = text.replace(secret, HIDDEN)
    text = _NAMED.sub(rf"\1{HIDDEN}", text)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    text = _USER_INFO.sub(f"{HIDDEN}@", text)
    text = _EMAIL.sub(HIDDEN, text)
    return _NUMBER.sub(lambda match: match["keep"] or HIDDEN, text)


class RedactingFormatter(logging.Formatter):
    """Writes records without secrets, and so that no text within one can pass for another record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines of the record; those after the first are indented."""
        try:
            message = record.getMessage()
        except Exception:  # noqa: BLE001 - a wrong argument somewhere must not cost the record
            message = f"{record.msg} (its arguments do not fit)"
        parts = [message]
        if record.exc_info and record.exc_info[0] is not None:
            parts.append(self.formatException(record.exc_info))
        if record.stack_info:
            parts.append(record.stack_info)
        whole = "\n".join(parts)[:_MAX_RECORD]
        text = _CONTROL.sub(" ", redact(whole)).replace("\n", "\n    ")
        at = datetime.fromtimestamp(record.created, UTC).astimezone().isoformat(timespec="milliseconds")
        return f"{at} {record.levelname} {record.name} {text}"


class _QuietHandler(logging.Handler):
    """A handler that a full disk or a closed terminal does not make noisy."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Let the record go: there is nowhere to tell."""


class _PrivateFile(_QuietHandler, logging.handlers.RotatingFileHandler):
    """A rotating file with mode 0600 that notices when another process has rotated it."""

    def _open(self) -> TextIOWrapper:
        def private(path: str, flags: int) -> int:
            return os.open(path, flags, 0o600)

        stream = open(self.baseFilename, "a", encoding="utf-8", errors="backslashreplace", opener=private)  # noqa: SIM115
        with contextlib.suppress(OSError, AttributeError):
            if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):  # not a device that somebody put there
                os.fchmod(stream.fileno(), 0o600)
        return stream

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._follow()
        except OSError:
            return
        super().emit(record)

    def _follow(self) -> None:
        """Open the file again if the name belongs to another file by now."""
        if self.stream is None:
            return
        held = os.fstat(self.stream.fileno())
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(held, Path(self.baseFilename).stat()):
                return
        stream, self.stream = self.stream, None
        with contextlib.suppress(OSError):
            stream.close()
        self.stream = self._open()


class _QuietStream(_QuietHandler, logging.StreamHandler):  # type: ignore[type-arg] # generic for checkers only
    """Standard error."""


_handlers: list[logging.Handler] = []


def setup_logging(data_dir: Path, *, verbose: bool = False) -> None:
    """Log into `data_dir`/logs, and warnings (with `verbose` everything) to standard error.

    May be called again, for another directory. Never raises: a directory that cannot be written to costs
    the file, not the program.
    """
    stop_logging()
    formatter = RedactingFormatter()
    stream = _QuietStream(sys.stderr)
    stream.setLevel(logging.DEBUG if verbose else logging.WARNING)
    _handlers.append(stream)
    try:
        folder = data_dir / "logs"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _handlers.append(
            _PrivateFile(folder / FILE_NAME, maxBytes=MAX_BYTES, backupCount=KEPT_FILES - 1, encoding="utf-8")
        )
    except OSError:
        pass  # whoever needs the directory for data says so, better than the log could
    root = logging.getLogger()
    for handler in _handlers:
        handler.setFormatter(formatter)
        root.addHandler(handler)
    logging.getLogger("posapp").setLevel(logging.DEBUG if verbose else logging.INFO)
    logging.captureWarnings(capture=True)


def level_of(error: PosError) -> int:
    """Return how loudly to log what held a part up; that the server is away is told once, by who noticed."""
    return logging.DEBUG if isinstance(error, DatabaseAwayError) else logging.WARNING


def quiet_terminal() -> None:
    """Write no more to standard error: people at a terminal get a sentence, never a trace."""
    for handler in _handlers:
        if isinstance(handler, _QuietStream):
            handler.setLevel(logging.CRITICAL + 1)


def stop_logging() -> None:
    """Close what setup_logging opened."""
    logging.captureWarnings(capture=False)
    logging.getLogger("posapp").setLevel(logging.NOTSET)
    root = logging.getLogger()
    while _handlers:
        handler = _handlers.pop()
        root.removeHandler(handler)
        with contextlib.suppress(OSError, ValueError):
            handler.close()
