"""Runs the training shops: `python -m posapp.sandbox`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from posapp.sandbox.clock import ShopClock
from posapp.sandbox.script import day_script
from posapp.sandbox.server import SandboxServer
from posapp.sandbox.shop import Shop
from posapp.sandbox.staff_api import StaffApi
from posapp.sandbox.staff_script import staff_script
from posapp.sandbox.staff_shop import StaffShop
from posapp.sandbox.staff_tokens import Tokens

USERNAME = "staff@mamma-pizza.example"


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until standard input ends or a SIGTERM or SIGINT comes.

    The first line on standard output is a JSON object with `url` and `key` of the internal API, `staff_url`,
    `username` and `password` of the staff API and, with --control, `control_url` and `token`.
    """
    options = _read_options(arguments)
    asyncio.run(_serve(options))
    return 0


def _read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m posapp.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="default: any free one")
    parser.add_argument("--seed", type=int, default=1, help="which day")
    parser.add_argument(
        "--speed", type=_speed, default=1.0, help="times real time; 0: only by the control door"
    )
    parser.add_argument("--start", type=_moment, default=None, help="ISO 8601 with offset; default: now")
    parser.add_argument(
        "--control", nargs="?", const="", default=None, metavar="TOKEN", help="open the control door"
    )
    return parser.parse_args(arguments)


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 <= speed <= 10_000:
        raise argparse.ArgumentTypeError("0 to 10000")
    return speed


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("the offset is missing")
    return moment


async def _serve(options: argparse.Namespace) -> None:
    over = asyncio.Event()
    loop = asyncio.get_running_loop()

    def end(*_: object) -> None:
        loop.call_soon_threadsafe(over.set)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    start = options.start or datetime.now(UTC)
    key = secrets.token_urlsafe(18)
    token = "" if options.control is None else options.control or secrets.token_urlsafe(18)
    shop = Shop(day_script(options.seed, start))
    clock = ShopClock(start, options.speed, time.monotonic)
    password = secrets.token_urlsafe(18)
    staff = StaffApi(StaffShop(staff_script(options.seed, start)), Tokens(USERNAME, password, clock.now))
    server = SandboxServer(shop, staff, clock, key=key, token=token, port=options.port)
    await server.open()
    door = {"control_url": server.control_url, "token": token} if token else {}
    shops = {"url": server.url, "key": key, "staff_url": server.staff_url}
    sign_in = {"username": USERNAME, "password": password}
    sys.stdout.write(json.dumps({**shops, **sign_in, **door}) + "\n")
    sys.stdout.flush()
    threading.Thread(target=_wait_for_the_end_of_input, args=(end,), daemon=True).start()
    await server.run_until(over)


def _wait_for_the_end_of_input(end: Callable[[], None]) -> None:
    """Wait until whoever started us has gone; the plain descriptor, for no lock is held at exit."""
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    with contextlib.suppress(RuntimeError):  # the loop has ended already
        end()


if __name__ == "__main__":
    sys.exit(main())
