"""Printers of this machine by their path (USB, parallel), and files instead of a printer."""

from __future__ import annotations

import os
import select
import sys
import threading
import time
from pathlib import Path

from posapp.printing.trouble import PrintTroubleError, so_far, stopped, why

_POLL_S = 0.1
_CHUNK = 4096


def write_file(address: str, data: bytes, stop: threading.Event) -> None:
    """Append a ticket to a file; raise PrintTroubleError, and leave the file as it was, when that fails.

    A device that somebody named as a file is a device: what it took cannot be taken back.
    """
    path = Path(address).expanduser()
    if path.exists() and not path.is_file() and not path.is_dir():
        write_device(str(path), data, stop)
        return
    try:
        with path.open("ab", buffering=0) as out:
            before = out.tell()
            try:
                if out.write(data) != len(data):
                    raise OSError(28, "")
                os.fsync(out.fileno())
            except OSError:
                out.truncate(before)
                raise
    except OSError as error:
        raise PrintTroubleError(why(error, str(path))) from error


def write_device(address: str, data: bytes, stop: threading.Event, write_s: float = 10.0) -> None:
    """Print on a device such as /dev/usb/lp0; raise PrintTroubleError with how far that went."""
    flags = os.O_WRONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    flags |= getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(address, flags)
    except OSError as error:
        raise PrintTroubleError(why(error, address)) from error
    try:
        _write(handle, data, address, stop, write_s)
    finally:
        os.close(handle)


def probe(address: str, *, is_file: bool) -> None:
    """Find out whether a device or a file can be written, without writing; raise PrintTroubleError."""
    path = Path(address).expanduser()
    try:
        if is_file and not path.exists():
            if not os.access(path.parent, os.W_OK):
                raise PermissionError(13, "")
            return
        os.close(os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0)))
    except OSError as error:
        raise PrintTroubleError(why(error, str(path))) from error


def _write(handle: int, data: bytes, name: str, stop: threading.Event, write_s: float) -> None:
    sent, end = 0, time.monotonic() + write_s
    while sent < len(data):
        if stop.is_set():
            raise stopped(reached=sent > 0)
        if time.monotonic() >= end:
            raise PrintTroubleError(so_far("stopped taking data", name, sent, len(data)), reached=sent > 0)
        # Windows can wait for sockets only; its writes wait by themselves.
        if sys.platform != "win32" and not select.select([], [handle], [], _POLL_S)[1]:
            continue
        try:
            sent += os.write(handle, data[sent : sent + _CHUNK])
        except BlockingIOError:
            continue
        except OSError as error:
            reason = why(error, name) if not sent else so_far("failed", name, sent, len(data))
            raise PrintTroubleError(reason, reached=sent > 0) from error
        end = time.monotonic() + write_s
