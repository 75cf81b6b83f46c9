"""Tickets in the language of receipt printers (ESC/POS), in the few commands that every printer knows.

Texts are cleaned and encoded here and nowhere else, so that no byte of a text can be a command.
"""

from __future__ import annotations

import textwrap

from posapp.domain.text import clean_line
from posapp.printing.bitmap import MonoBitmap, compose
from posapp.printing.document import Align, Block, Document, Mode, Rasterizer, Size
from posapp.printing.printers import Printer

_INIT = b"\x1b@"
_SMALL_FONT = b"\x1bM\x01"
_NO_KANJI = b"\x1c."  # printers made for China read high bytes as halves of signs otherwise
_PAGE = b"\x1bt"
_BOLD = b"\x1bE"
_SIZE = b"\x1d!"
_FEED_AND_CUT = b"\x1bd\x04\x1dVB\x00"
_DRAWER = b"\x1bp\x00\x19\xfa"  # pin 2, 50 ms on and 500 ms off
_PICTURE = b"\x1dv0\x00"
_STRIP = 128  # lines of dots in one command: the memory of small printers
_SIZES = {Size.NORMAL: 0x00, Size.TALL: 0x01, Size.LARGE: 0x11}
_LEAST_LEFT = 8  # letters beside an amount; with fewer the amount gets a line of its own


def render(document: Document, printer: Printer, rasterize: Rasterizer, *, drawer: bool = False) -> bytes:
    """Return a printer's bytes for a ticket; `drawer` opens the drawer first.

    A text that the printer's alphabet lacks becomes a picture of that text. A document without blocks moves
    no paper.
    """
    return _Writer(printer, rasterize).write(document, drawer=drawer)


class _Writer:
    """Writes one ticket for one printer."""

    def __init__(self, printer: Printer, rasterize: Rasterizer) -> None:
        self._printer = printer
        self._page = printer.page
        self._rasterize = rasterize
        self._out = bytearray()
        self._style = (False, Size.NORMAL)

    def write(self, document: Document, *, drawer: bool) -> bytes:
        self._out += _INIT
        if drawer:
            self._out += _DRAWER
        if not document.blocks:
            return bytes(self._out)
        if self._printer.narrow:
            self._out += _SMALL_FONT
        if self._page.number is not None:
            self._out += _NO_KANJI + _PAGE + bytes([self._page.number])
        for block in document.blocks:
            self._block(block)
        self._put_style(bold=False, size=Size.NORMAL)
        self._out += _FEED_AND_CUT
        return bytes(self._out)

    def _block(self, block: Block) -> None:
        if block.mode is Mode.RULE:
            self._lines(["-" * self._printer.letters], block)
        elif block.mode is Mode.GAP:
            self._lines([""], block)
        else:
            # Once more, for a ticket may have been written by another program.
            left, right = clean_line(block.left), clean_line(block.right)
            if not left and not right:
                return
            lines = self._as_text(block, left, right)
            if lines is None:
                self._picture(self._drawn(block, left, right))
            else:
                self._lines(lines, block)

    # -- text ------------------------------------------------------------------------------------------

    def _as_text(self, block: Block, left: str, right: str) -> list[str] | None:
        """Return the lines of a block, None when the printer's alphabet lacks a character of it."""
        written = [self._page.encode(words) for words in (left, right)]
        if None in written:
            return None
        # The alphabet has one letter for each byte, so that letters can be counted.
        left, right = (part.decode(self._page.encoding) for part in written if part is not None)
        width = self._printer.letters // (2 if block.size is Size.LARGE else 1)
        indent = " " * min(block.indent, width // 2)
        room = width - len(indent)
        if block.mode is Mode.COLUMNS and right:
            return _columns(left, right, indent, width)
        lines = _wrapped(left, room)
        if block.align is Align.CENTER:
            return [line.center(width).rstrip() for line in lines]
        return [indent + line for line in lines]

    def _lines(self, lines: list[str], block: Block) -> None:
        self._put_style(bold=block.bold, size=block.size)
        for line in lines:
            self._out += (self._page.encode(line) or b"") + b"\n"

    def _put_style(self, *, bold: bool, size: Size) -> None:
        if (bold, size) == self._style:
            return
        self._style = (bold, size)
        self._out += _BOLD + bytes([bold]) + _SIZE + bytes([_SIZES[size]])

    # -- pictures --------------------------------------------------------------------------------------

    def _drawn(self, block: Block, left: str, right: str) -> MonoBitmap:
        dots = self._printer.dots
        indent = min(block.indent * dots // self._printer.letters, dots // 2)
        if block.mode is not Mode.COLUMNS or not right:
            drawn = self._rasterize(left, dots - indent, block.bold, block.size)
            at = (dots - drawn.width) // 2 if block.align is Align.CENTER else indent
            return compose(dots, [(max(0, at), drawn)])
        gap = dots // self._printer.letters
        amount = self._rasterize(right, dots - indent, block.bold, block.size)
        room = dots - indent - amount.width - gap
        if room < _LEAST_LEFT * gap:
            name = self._rasterize(left, dots - indent, block.bold, block.size)
            return _stacked(compose(dots, [(indent, name)]), compose(dots, [(dots - amount.width, amount)]))
        name = self._rasterize(left, room, block.bold, block.size)
        return compose(dots, [(indent, name), (dots - amount.width, amount)])

    def _picture(self, picture: MonoBitmap) -> None:
        stride = picture.stride
        for top in range(0, picture.height, _STRIP):
            height = min(_STRIP, picture.height - top)
            self._out += _PICTURE + stride.to_bytes(2, "little") + height.to_bytes(2, "little")
            self._out += picture.rows[top * stride : (top + height) * stride]


def _stacked(upper: MonoBitmap, lower: MonoBitmap) -> MonoBitmap:
    return MonoBitmap(upper.width, upper.height + lower.height, upper.rows + lower.rows)


def _wrapped(words: str, width: int) -> list[str]:
    return textwrap.wrap(words, max(1, width), break_on_hyphens=False) or [""]


def _columns(left: str, right: str, indent: str, width: int) -> list[str]:
    """Put the amount at the end of the first line, or on its own where the name would have no room."""
    room = width - len(indent) - len(right) - 1
    if room < _LEAST_LEFT:
        names = [indent + line for line in _wrapped(left, width - len(indent))]
        return names + [line.rjust(width) for line in _wrapped(right, width)]
    first, *others = _wrapped(left, room)
    return [f"{indent}{first.ljust(room)} {right}", *(indent + line for line in others)]
