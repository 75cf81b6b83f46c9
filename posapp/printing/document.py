"""A ticket before it meets a printer: a few kinds of blocks, whatever the paper's width."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from posapp.domain.errors import StorageError
from posapp.domain.text import clean_line
from posapp.printing.bitmap import MonoBitmap


class Mode(StrEnum):
    """The kinds of blocks."""

    TEXT = "text"
    COLUMNS = "columns"  # a name on the left, an amount on the right
    RULE = "rule"
    GAP = "gap"


class Align(StrEnum):
    """Where a text stands."""

    LEFT = "left"
    CENTER = "center"


class Size(StrEnum):
    """How big letters are: TALL is twice as high, LARGE twice as wide, too."""

    NORMAL = "normal"
    TALL = "tall"
    LARGE = "large"


# Draws one text, wrapped at `width` dots and no wider than it needs: (text, width, bold, size).
Rasterizer = Callable[[str, int, bool, Size], MonoBitmap]


@dataclass(frozen=True, slots=True)
class Block:
    """One block; `indent` is in columns of normal letters."""

    mode: Mode
    left: str = ""
    right: str = ""
    align: Align = Align.LEFT
    bold: bool = False
    size: Size = Size.NORMAL
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A ticket."""

    blocks: tuple[Block, ...]


def text(
    words: str, *, align: Align = Align.LEFT, bold: bool = False, size: Size = Size.NORMAL, indent: int = 0
) -> Block:
    """Return a paragraph."""
    return Block(Mode.TEXT, clean_line(words), align=align, bold=bold, size=size, indent=indent)


def columns(left: str, right: str, *, bold: bool = False, size: Size = Size.NORMAL, indent: int = 0) -> Block:
    """Return a name with its amount."""
    return Block(Mode.COLUMNS, clean_line(left), clean_line(right), bold=bold, size=size, indent=indent)


def rule() -> Block:
    """Return a line across the paper."""
    return Block(Mode.RULE)


def gap() -> Block:
    """Return an empty line."""
    return Block(Mode.GAP)


def to_json(document: Document) -> str:
    """Return a ticket as it is kept in the print queue."""
    return msgspec.json.encode(document).decode()


def from_json(payload: str) -> Document:
    """Read a kept ticket; raise StorageError when it is none."""
    try:
        return msgspec.json.decode(payload, type=Document)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise StorageError("This ticket cannot be read.", str(error), "Print the order anew.") from None


def marked_copy(document: Document) -> Document:
    """Return the ticket with COPY on top, because there may be another one on paper."""
    banner = text("COPY", align=Align.CENTER, bold=True, size=Size.LARGE)
    return Document((banner, *document.blocks))
