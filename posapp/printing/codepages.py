"""Printers' alphabets: which number selects which, and whether a text can be written in one."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from posapp.domain.text import clean_text

ASCII = "ascii"
# As Epson numbers them, and most others after it. A printer that counts otherwise: "cp1251:73".
NUMBERS = {
    "cp437": 0, "cp850": 2, "cp860": 3, "cp863": 4, "cp865": 5, "cp1252": 16, "cp866": 17, "cp852": 18,
    "cp858": 19, "iso8859-7": 15, "cp737": 14, "cp857": 13, "iso8859-15": 40, "cp1250": 45, "cp1251": 46,
    "cp1253": 47, "cp1254": 48, "cp1257": 51, "kz1048": 53,
}  # fmt: skip
_WRITTEN = re.compile(r"([a-z0-9-]+)(?::(\d{1,3}))?\Z")
# Other forms of what every printer has; nobody reads them differently.
_PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "−": "-"})


@dataclass(frozen=True, slots=True)
class CodePage:
    """An alphabet of a printer; `number` selects it, None for the one that it has anyway."""

    encoding: str
    number: int | None

    def encode(self, text: str) -> bytes | None:
        """Return a line's bytes, None when a character is missing. Control characters never come through."""
        plain = clean_text(text.translate(_PLAIN)).replace("\n", " ")
        try:
            found = plain.encode(self.encoding)
        except UnicodeEncodeError:
            return None
        return found if all(byte >= 0x20 and byte != 0x7F for byte in found) else None


def code_page(written: str) -> CodePage:
    """Return the code page that a setting names; raise ValueError for an unknown one."""
    match = _WRITTEN.match(written)
    if match is None or (match[1] != ASCII and match[1] not in NUMBERS):
        known = ", ".join((ASCII, *NUMBERS))
        raise ValueError(f"code_page has to be one of: {known}; with another number as in cp1251:73")
    name, number = match[1], match[2]
    if name == ASCII:
        if number is not None:
            raise ValueError("ascii is in every code page and has no number")
        return CodePage(ASCII, None)
    if number is not None and int(number) > 255:
        raise ValueError("the number of a code page is at most 255")
    codecs.lookup(name)
    return CodePage(name, NUMBERS[name] if number is None else int(number))
