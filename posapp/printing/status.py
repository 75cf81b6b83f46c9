"""What a printer says of itself when asked (DLE EOT): paper, cover, faults."""

from __future__ import annotations

ASK_OFFLINE = b"\x10\x04\x02"
ASK_PAPER = b"\x10\x04\x04"
# Bits that are fixed in every answer: what does not have them is no answer of a printer.
_FIXED, _FIXED_VALUE = 0b1001_0011, 0b0001_0010


def is_status(byte: int) -> bool:
    """Tell whether a byte can be a printer's answer."""
    return byte & _FIXED == _FIXED_VALUE


def trouble_of(offline: int | None, paper: int | None) -> str:
    """Return what keeps a printer from printing, "" when nothing that it tells of does."""
    if paper is not None and paper & 0b0110_0000:
        return "no paper"
    if offline is None:
        return ""
    if offline & 0b0000_0100:
        return "its cover is open"
    if offline & 0b0010_0000:
        return "no paper"
    if offline & 0b0100_0000:
        return "it reports a fault"
    return ""
