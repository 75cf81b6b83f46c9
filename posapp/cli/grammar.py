"""The pieces that the grammar of the command line is made of."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from typing import Any, NoReturn

from posapp.domain.errors import UsageError

_DAY_S = 86_400


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are sentences."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong instead of printing and exiting."""
        raise UsageError(
            "This is not how posapp is used.",
            f"{self.prog}: {message}.",
            f"{self.prog} --help shows how.",
        )


Group = Any  # argparse keeps the type of what add_subparsers returns to itself


def command(actions: Group, common: argparse.ArgumentParser, path: str, help_text: str) -> Any:
    """Add "orders list" (a command and its action) or "sync" (a command alone)."""
    name = path.rsplit(maxsplit=1)[-1]
    parser = actions.add_parser(name, parents=[common], help=help_text, description=f"{help_text}.")
    parser.set_defaults(command=path.split(maxsplit=1)[0], action=name)
    return parser


def group(commands: Group, common: argparse.ArgumentParser, name: str, help_text: str) -> Group:
    """Add a command that has actions; return what they are added to."""
    parser = commands.add_parser(name, parents=[common], help=help_text, description=f"{help_text}.")
    return parser.add_subparsers(metavar="ACTION", required=True, parser_class=Parser)


def number(least: int, most: int) -> Callable[[str], int]:
    """Return what reads a whole number within these bounds."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or len(text) > 12 or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"a whole number from {least} to {most} is needed")
        return int(text)

    return read


def seconds_of(text: str) -> float:
    """Read a number of seconds."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= _DAY_S:
        raise argparse.ArgumentTypeError("a number of seconds above 0, at most a day, is needed")
    return seconds
