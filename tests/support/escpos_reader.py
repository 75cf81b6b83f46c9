"""A reader of receipt printers' bytes that knows nothing of our writer: text, pictures, the cut, the drawer.

It takes only commands that are in every printer's manual and stops at anything else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

_BEGIN = 26  # dots: about the first letter
PAGES = {None: "ascii", 0: "cp437", 2: "cp850", 16: "cp1252", 17: "cp866", 46: "cp1251", 53: "kz1048"}


@dataclass(frozen=True)
class Picture:
    """Dots; each row is a number of `width` bits, the first dot the highest."""

    width: int
    rows: tuple[int, ...]

    @property
    def height(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Line:
    """A line of text with its looks: the size is (times as wide, times as high)."""

    text: str
    bold: bool
    size: tuple[int, int]


@dataclass
class Paper:
    """What came out."""

    lines: list[Line] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    cuts: int = 0
    drawer: int = 0
    small: bool = False

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def words(self) -> str:
        """Return all text with its runs of spaces and line breaks folded."""
        return " ".join(self.text.split())


class BadByteError(Exception):
    """A byte that no printer would print, or a command that it does not know."""


class _Reader:
    def __init__(self, data: bytes, dots: int, columns: int, pages: dict[int | None, str]) -> None:
        self._data = data
        self._at = 0
        self._dots = dots
        self._columns = columns
        self._pages = pages
        self._page: int | None = None
        self._bold = False
        self._size = (1, 1)
        self._line = bytearray()
        self._strips: list[Picture] = []
        self.paper = Paper()

    def read(self) -> Paper:
        while self._at < len(self._data):
            byte = self._take(1)[0]
            if byte == 0x1B:
                self._esc()
            elif byte == 0x1D:
                self._gs()
            elif byte == 0x1C:
                self._expect(b".")
            elif byte == 0x0A:
                self._end_line()
            elif byte < 0x20 or byte == 0x7F:
                raise BadByteError(f"control byte {byte:#04x} at {self._at - 1}")
            else:
                self._line.append(byte)
        if self._line:
            raise BadByteError("a line without its end")
        self._end_picture()
        return self.paper

    def _take(self, count: int) -> bytes:
        found = self._data[self._at : self._at + count]
        if len(found) < count:
            raise BadByteError("the bytes end within a command")
        self._at += count
        return found

    def _expect(self, wanted: bytes) -> None:
        found = self._take(len(wanted))
        if found != wanted:
            raise BadByteError(f"{found!r} instead of {wanted!r} at {self._at}")

    def _esc(self) -> None:
        match self._take(1):
            case b"@":
                self._page, self._bold, self._size = None, False, (1, 1)
            case b"E":
                self._bold = bool(self._take(1)[0] & 1)
            case b"t":
                self._page = self._take(1)[0]
            case b"M":
                self.paper.small = self._take(1)[0] == 1
            case b"d":
                self._take(1)
            case b"p":
                self._take(3)
                self.paper.drawer += 1
            case other:
                raise BadByteError(f"ESC {other!r}")

    def _gs(self) -> None:
        match self._take(1):
            case b"!":
                value = self._take(1)[0]
                self._size = ((value >> 4 & 7) + 1, (value & 7) + 1)
            case b"V":
                if self._take(1) != b"B":
                    raise BadByteError("GS V of another kind")
                self._take(1)
                self.paper.cuts += 1
            case b"v":
                self._expect(b"0\x00")
                self._picture()
            case other:
                raise BadByteError(f"GS {other!r}")

    def _picture(self) -> None:
        if self._line:
            raise BadByteError("a picture within a line")
        stride = int.from_bytes(self._take(2), "little")
        height = int.from_bytes(self._take(2), "little")
        if stride * 8 > self._dots or not 0 < height <= 255:
            raise BadByteError(f"a picture of {stride * 8} × {height} dots on {self._dots}")
        rows = tuple(int.from_bytes(self._take(stride)) for _ in range(height))
        self._strips.append(Picture(stride * 8, rows))

    def _end_line(self) -> None:
        self._end_picture()
        if len(self._line) * self._size[0] > self._columns:
            raise BadByteError(f"a line of {len(self._line)} letters: {bytes(self._line)!r}")
        text = self._line.decode(self._pages[self._page])
        self.paper.lines.append(Line(text, self._bold, self._size))
        self._line.clear()

    def _end_picture(self) -> None:
        """Join strips that follow each other: that is how printers print them."""
        if self._strips:
            widths = {strip.width for strip in self._strips}
            if len(widths) != 1:
                raise BadByteError(f"strips of {widths} dots")
            rows = tuple(row for strip in self._strips for row in strip.rows)
            self.paper.pictures.append(Picture(widths.pop(), rows))
            self._strips.clear()


def read_ticket(
    data: bytes, *, dots: int = 576, columns: int = 48, pages: dict[int | None, str] | None = None
) -> Paper:
    """Return what a printer makes of these bytes; raise BadByteError for what it would choke on."""
    return _Reader(data, dots, columns, pages or dict(PAGES)).read()


def holds(picture: Picture, glyphs: Picture, tolerance: float = 0.1) -> bool:
    """Tell whether some place of a picture shows these glyphs, but for a few dots at their edges."""
    allowed = int(sum(row.bit_count() for row in glyphs.rows) * tolerance)
    # A place is looked at in full where the beginning of a row that tells much is there to the dot.
    begin = min(glyphs.width, _BEGIN)
    starts = [row >> glyphs.width - begin for row in glyphs.rows]
    telling = sorted(range(glyphs.height), key=lambda n: _changes(starts[n]), reverse=True)[:6]
    wanted = {n: format(starts[n], f"0{begin}b") for n in telling}
    for number, row in enumerate(_bits(picture)):
        for n, pattern in wanted.items():
            left = row.find(pattern) if 0 <= number - n <= picture.height - glyphs.height else -1
            while left >= 0:
                inside = left + glyphs.width <= picture.width
                if inside and _differs(picture, glyphs, number - n, left) <= allowed:
                    return True
                left = row.find(pattern, left + 1)
    return False


def _changes(row: int) -> int:
    return (row ^ row >> 1).bit_count()


@lru_cache(maxsize=256)
def _bits(picture: Picture) -> tuple[str, ...]:
    return tuple(format(row, f"0{picture.width}b") for row in picture.rows)


def _differs(picture: Picture, glyphs: Picture, top: int, left: int) -> int:
    """Return how many dots are otherwise, at a place of a picture."""
    shift, mask = picture.width - left - glyphs.width, (1 << glyphs.width) - 1
    rows = zip(picture.rows[top : top + glyphs.height], glyphs.rows, strict=True)
    return sum(((row >> shift & mask) ^ wanted).bit_count() for row, wanted in rows)


def trimmed(picture: Picture) -> Picture:
    """Return a picture without its white edges."""
    ink = [number for number, row in enumerate(picture.rows) if row]
    if not ink:
        raise ValueError("an empty picture")
    rows = picture.rows[ink[0] : ink[-1] + 1]
    every = 0
    for row in rows:
        every |= row
    right = (every & -every).bit_length() - 1
    return Picture(every.bit_length() - right, tuple(row >> right for row in rows))
