"""What a command prints: JSON for programs or plain text for people, and errors as sentences."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

from posapp.domain.errors import PosError
from posapp.domain.text import clean_line, clean_text


class Output:
    """Standard output and standard error of one command."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        for stream in _streams():
            # A terminal that lacks a letter shows “?” instead.
            with contextlib.suppress(AttributeError, ValueError, OSError):
                stream.reconfigure(errors="replace")  # type: ignore[attr-defined] # not every stream can

    def finish(
        self,
        data: Mapping[str, Any],
        text: str,
        problem: PosError | None = None,
        *,
        verbatim: Mapping[str, str] | None = None,
    ) -> int:
        """Print the command's result, then what is wrong, and return the exit code.

        `verbatim` are members whose value is JSON text already.
        """
        if self.as_json:
            error = {"error": error_object(problem)} if problem else {}
            self._write(sys.stdout, json_text({**data, **error}, verbatim or {}))
        elif text:
            self._write(sys.stdout, text)
        if problem:
            self._sentences(problem)
        return problem.exit_code if problem else 0

    def fail(self, problem: PosError) -> int:
        """Print an error alone and return its exit code."""
        return self.finish({}, "", problem)

    def note(self, text: str) -> None:
        """Tell the person something beside the result."""
        self._write(sys.stderr, clean_line(text))

    def line(self, data: Mapping[str, Any], text: str) -> None:
        """Print one line of a running report, at once."""
        self._write(sys.stdout, json_text(data) if self.as_json else clean_line(text))
        self.flush()

    def flush(self) -> None:
        """Send off what is buffered, calmly also if nobody reads it any more."""
        for stream in _streams():
            try:
                stream.flush()
            except BrokenPipeError:
                _to_nowhere(stream)

    def _sentences(self, problem: PosError) -> None:
        parts = [problem.title, problem.detail, problem.remedy]
        if len(problem.fields) > 1:  # of a single one, the title says it already
            parts += [f"{name}: {text}" for name, text in problem.fields.items()]
        self._write(sys.stderr, "\n".join(clean_text(part) for part in parts if part))

    def _write(self, stream: TextIO | None, text: str) -> None:
        if stream is None:
            return
        try:
            stream.write(text + "\n")
        except BrokenPipeError:
            _to_nowhere(stream)
        except UnicodeEncodeError:  # a stream that could not be told to replace letters
            stream.write(text.encode("ascii", "replace").decode() + "\n")


def _streams() -> list[TextIO]:
    """Return standard output and error, as far as they are open: a windowed program has neither."""
    streams: tuple[TextIO | None, ...] = (sys.stdout, sys.stderr)
    return [stream for stream in streams if stream is not None]


def _to_nowhere(stream: TextIO) -> None:
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def error_object(problem: PosError) -> dict[str, Any]:
    """Return the JSON shape of an error."""
    return {
        "title": problem.title,
        "detail": problem.detail,
        "remedy": problem.remedy,
        "fields": problem.fields,
    }


def json_text(data: Mapping[str, Any], verbatim: Mapping[str, str] | None = None) -> str:
    """Return one line of JSON that standard output can carry."""
    members = [f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in data.items()]
    members += [f"{json.dumps(key)}: {value}" for key, value in (verbatim or {}).items()]
    text = "{" + ", ".join(members).replace("\r", " ").replace("\n", " ") + "}"
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        # Outside of strings JSON is ASCII, so every other character may be written as its escape.
        return "".join(char if char.isascii() else json.dumps(char)[1:-1] for char in text)
    return text


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], limit: int = 44) -> str:
    """Return aligned columns; texts of strangers are cleaned, and cut at `limit` cells of the terminal."""
    cells = [list(heads), *([_cut(clean_line(cell), limit) for cell in row] for row in rows)]
    widths = [max(_width(row[column]) for row in cells) for column in range(len(heads))]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in cells
    )


def pairs(items: Sequence[tuple[str, str]]) -> str:
    """Return one aligned line per label, without those that have no value."""
    shown = [(label, value) for label, value in items if value]
    width = max((len(label) for label, _ in shown), default=0)
    return "\n".join(f"{label.ljust(width)}  {clean_line(value)}" for label, value in shown)


def _width(text: str) -> int:
    """Return how many cells of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.category(char) in {"Mn", "Me"}
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )


def _cut(text: str, limit: int) -> str:
    if _width(text) <= limit:
        return text
    kept = text[: limit - 1]
    while _width(kept) > limit - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"
