"""Starts and stops the training shops in a process of their own, and works their control door."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self
from urllib.parse import urlsplit

import posapp
from posapp.domain.errors import PosError
from posapp.domain.status import PaymentStatus, Status

START_SECONDS = 20.0
STOP_SECONDS = 3.0


class SandboxError(PosError):
    """The training shop could not be started or worked."""


@dataclass(frozen=True, slots=True)
class SandboxOrder:
    """An order as the training shop has it; `name` is the name of its event in the script."""

    name: str
    id: str
    status: Status
    payment_status: PaymentStatus


@dataclass(frozen=True, slots=True)
class SandboxStaffOrder:
    """An order as the shop of the staff API has it; `fields` are its writable ones, in the API's types."""

    name: str
    id: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SandboxState:
    """The training shops' time (UTC), what has just happened, and their orders."""

    now: datetime
    happened: tuple[str, ...]
    outage: bool
    orders: tuple[SandboxOrder, ...]
    staff_orders: tuple[SandboxStaffOrder, ...]


class SandboxProcess:
    """The running training shops: `url` and `key` of the internal API; `staff_url`, `username`, `password`.

    It ends with `stop`, and by itself when this process ends in any way.
    """

    def __init__(self, process: subprocess.Popen[bytes], hello: dict[str, str]) -> None:
        self.url = hello["url"]
        self.key = hello["key"]
        self.staff_url = hello["staff_url"]
        self.username = hello["username"]
        self.password = hello["password"]
        self._control_url = hello.get("control_url", "")
        self._token = hello.get("token", "")
        self._process = process

    @classmethod
    def start(
        cls, seed: int = 1, speed: float = 1.0, *, control: bool = False, start: datetime | None = None
    ) -> Self:
        """Start a day of this seed at `start` (default: now); at speed 0 its time moves only by `advance`."""
        command = [sys.executable, "-m", "posapp.sandbox", "--seed", str(seed), "--speed", str(speed)]
        if start is not None:
            command += ["--start", start.isoformat()]
        if control:
            command.append("--control")
        with tempfile.TemporaryFile() as complaints:
            try:
                process = _spawn(command, complaints)
            except OSError as error:
                raise _not_started(str(error)) from error
            line = _first_line(process)
            try:
                return cls(process, json.loads(line))
            except (ValueError, KeyError) as error:
                _end(process)
                complaints.seek(0)
                words = complaints.read().decode(errors="replace").strip().splitlines()
                raise _not_started(words[-1] if words else "It did not answer.") from error

    @property
    def running(self) -> bool:
        """Say whether the process is alive."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def advance(self, seconds: float) -> SandboxState:
        """Move the shop's time forward and let happen what is due."""
        return self._control("POST", "advance", {"seconds": seconds})

    def advance_to(self, event: str) -> SandboxState:
        """Move the shop's time to an event that is still to come ("outage", "tour", the name of an order)."""
        return self._control("POST", "advance", {"to": event})

    def outage(self, *, on: bool) -> SandboxState:
        """Take the shop off the net, or bring it back (out of the scripted outage too)."""
        return self._control("POST", "outage", {"on": on})

    def state(self) -> SandboxState:
        """Ask for the time and the orders."""
        return self._control("GET", "state", None)

    def stop(self) -> None:
        """End the process and wait for it; may be called again."""
        _end(self._process)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"SandboxProcess(url={self.url!r}, pid={self.pid})"

    def _control(self, method: str, call: str, body: dict[str, Any] | None) -> SandboxState:
        if not self._control_url:
            raise SandboxError("The training shop was started without a control door.")
        connection = http.client.HTTPConnection(urlsplit(self._control_url).netloc, timeout=10)
        try:
            raw = None if body is None else json.dumps(body)
            connection.request(method, f"/_sandbox/{call}", raw, {"Authorization": f"Bearer {self._token}"})
            answer = connection.getresponse()
            value = json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise SandboxError("The training shop does not answer.", str(error)) from error
        finally:
            connection.close()
        if answer.status != 200:
            raise SandboxError("The training shop refused.", str(value.get("error", answer.status)))
        return _read_state(value)


def _read_state(value: dict[str, Any]) -> SandboxState:
    return SandboxState(
        now=datetime.fromisoformat(value["now"]),
        happened=tuple(value["happened"]),
        outage=value["outage"],
        orders=tuple(
            SandboxOrder(
                order["name"], order["id"], Status(order["status"]), PaymentStatus(order["payment_status"])
            )
            for order in value["orders"]
        ),
        staff_orders=tuple(
            SandboxStaffOrder(order["name"], order["id"], order["fields"]) for order in value["staff_orders"]
        ),
    )


def _spawn(command: list[str], complaints: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start it apart from the terminal, so that Ctrl+C there is ours alone to answer."""
    home = str(Path(posapp.__file__).resolve().parents[1])
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    # POSAPP_… may hold the secrets of real shops, which are no business of the training shop.
    env = {name: value for name, value in os.environ.items() if not name.startswith("POSAPP_")}
    return subprocess.Popen(  # noqa: S603 - our own interpreter with our own arguments
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=complaints,
        env={**env, "PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"},
        start_new_session=os.name == "posix",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _first_line(process: subprocess.Popen[bytes]) -> bytes:
    """Read the greeting; empty when it does not come in time. A thread: pipes cannot be polled everywhere."""
    lines: queue.Queue[bytes] = queue.Queue()

    def read() -> None:
        lines.put(b"" if process.stdout is None else process.stdout.readline())

    threading.Thread(target=read, daemon=True).start()
    try:
        return lines.get(timeout=START_SECONDS)
    except queue.Empty:
        return b""


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
    for harder in (process.terminate, process.kill, lambda: None):
        try:
            process.wait(STOP_SECONDS)
            break
        except subprocess.TimeoutExpired:
            harder()
    if process.stdout is not None:
        process.stdout.close()


def _not_started(why: str) -> SandboxError:
    return SandboxError(
        "The training shop could not be started.",
        why,
        "Try again; if it stays so, see whether another program keeps posapp from starting programs.",
    )
