"""Why nothing, or not all, came out of a printer."""

from __future__ import annotations

import errno
import os


class PrintTroubleError(Exception):
    """A print that did not succeed, with a sentence; `reached`: some of it may be on paper."""

    def __init__(self, reason: str, *, reached: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.reached = reached


class StoppedError(PrintTroubleError):
    """The program ends while it prints."""


def stopped(*, reached: bool) -> StoppedError:
    """Return what ends a print because the program ends."""
    return StoppedError("posapp was closed while it printed.", reached=reached)


def so_far(what: str, name: str, sent: int, total: int) -> str:
    """Return how far a print got, such as "alma stopped taking data after 1,200 of 5,000 bytes."."""
    if not sent:
        return f"{name} {what} before it took anything."
    return f"{name} {what} after {sent:,} of {total:,} bytes."


def why(error: OSError, name: str) -> str:
    """Return what the system says of a printer that cannot be reached, in plain words."""
    known = {
        errno.ECONNREFUSED: f"{name} refused the connection.",
        errno.ECONNRESET: f"{name} broke the connection.",
        errno.ECONNABORTED: f"{name} broke the connection.",
        errno.EPIPE: f"{name} broke the connection.",
        errno.ETIMEDOUT: f"{name} does not answer.",
        errno.EHOSTUNREACH: f"There is no way to {name}: check the network and whether it is switched on.",
        errno.ENETUNREACH: f"There is no way to {name}: check the network of this PC.",
        errno.ENOENT: f"There is no {name}: check the cable, and whether the printer is switched on.",
        errno.ENXIO: f"There is no printer at {name}.",
        errno.ENODEV: f"There is no printer at {name}.",
        errno.EACCES: f"This user may not write to {name}.",
        errno.EPERM: f"This user may not write to {name}.",
        errno.EBUSY: f"Another program is using {name}.",
        errno.ENOSPC: f"{name} cannot be written: no paper, or the disk is full.",
        errno.EISDIR: f"{name} is a folder.",
        errno.EROFS: f"{name} cannot be written: it is read-only.",
    }
    fallback = error.strerror or os.strerror(error.errno or 0) or str(error)
    return known.get(error.errno or 0, f"{name}: {fallback}.")
