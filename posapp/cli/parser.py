"""The grammar of the command line."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Any

from posapp import __version__
from posapp.cli.grammar import Group
from posapp.cli.grammar import Parser as _Parser
from posapp.cli.grammar import command as _command
from posapp.cli.grammar import group as _group
from posapp.cli.grammar import number as _number
from posapp.cli.grammar import seconds_of as _seconds
from posapp.domain.errors import UsageError

MOST_ORDERS = 1_000_000
SCREENS = ("orders", "kitchen", "delivery", "settings")
_NO_TEXT = re.compile("[\ud800-\udfff]")
_PATHS = frozenset({"data_dir", "file", "out"})  # the system's bytes, whatever they are


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options; `command` names the sub-command, "" for the window. Raises UsageError."""
    options = make_parser().parse_args(arguments)
    for name, value in vars(options).items():
        if name not in _PATHS:
            setattr(options, name, _as_text(value))
    if options.command and (options.screen or options.full_screen):
        raise UsageError(
            "--screen and --full-screen are for the window.",
            remedy="Leave them out, or leave the command out.",
        )
    return options


def _as_text(value: Any) -> Any:
    """Return what was typed as text: bytes that are none become U+FFFD."""
    if isinstance(value, list):
        return [_as_text(item) for item in value]
    if not isinstance(value, str):
        return value
    return _NO_TEXT.sub("\ufffd", value)


def make_parser() -> argparse.ArgumentParser:
    """Build the whole grammar."""
    parser = _Parser(
        prog="posapp",
        description="The shop's orders: without a command, the window opens.",
        epilog="Exit codes: 0 done, 1 a bug, 2 bad usage, 3 refused, 4 work is left waiting, 5 something "
        "needs a person, 6 the data directory or the database cannot be used.",
    )
    _add_common(parser, top=True)
    parser.add_argument("--version", action="version", version=f"posapp {__version__}")
    parser.add_argument("--screen", choices=SCREENS, help="open this screen")
    parser.add_argument("--full-screen", action="store_true", help="fill the screen")
    parser.set_defaults(command="", action="")
    common = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    _add_common(common, top=False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=_Parser)
    parts = (_add_sync, _add_orders, _add_queue, _add_products, _add_customers, _add_remotes)
    for add in (*parts, _add_staff, _add_files, _add_database, _add_others):
        add(commands, common)
    return parser


def _add_common(parser: argparse.ArgumentParser, *, top: bool) -> None:
    def default(value: object) -> Any:
        return value if top else argparse.SUPPRESS

    parser.add_argument("--data-dir", metavar="DIR", default=default(None), help="where the data are")
    parser.add_argument(
        "--training", action="store_true", default=default(False), help="the training shop and its own data"
    )
    parser.add_argument(
        "--as", dest="person", metavar="NAME", default=default(""), help="who works here and does it"
    )
    parser.add_argument(
        "--pin-stdin",
        action="store_true",
        default=default(False),
        help="read that person's PIN from the first line of standard input",
    )
    parser.add_argument("--json", action="store_true", default=default(False), help="print JSON for programs")
    parser.add_argument(
        "-v", "--verbose", action="store_true", default=default(False), help="log more, also to the terminal"
    )


def _add_sync(commands: Group, common: argparse.ArgumentParser) -> None:
    sync = _command(commands, common, "sync", "Take in new orders and send what is due")
    how = sync.add_mutually_exclusive_group(required=True)
    how.add_argument("--once", action="store_true", help="one full round")
    how.add_argument("--watch", action="store_true", help="for ever, until SIGINT or SIGTERM")
    sync.add_argument(
        "--timeout", type=_seconds, metavar="SECONDS", help="how long --once may take (default: 30)"
    )


def _add_orders(commands: Group, common: argparse.ArgumentParser) -> None:
    orders = _group(commands, common, "orders", "Look at orders and move them")
    listed = _command(orders, common, "orders list", "List orders, the newest first")
    listed.add_argument(
        "--status", action="append", default=[], metavar="S", help="may be given several times"
    )
    listed.add_argument("--search", default="", metavar="TEXT", help="code, name, telephone, address")
    listed.add_argument(
        "--limit", type=_number(1, MOST_ORDERS), default=50, metavar="N", help="default: %(default)s"
    )
    show = _command(orders, common, "orders show", "Show everything about one order")
    move = _command(orders, common, "orders move", "Change the status of an order")
    edit = _command(orders, common, "orders edit", "Edit details of an order")
    resolve = _command(orders, common, "orders resolve", "Settle a conflict or a refusal of an order")
    added = _command(orders, common, "orders add", "Add a counter order; docs/programs.md has its shape")
    added.add_argument("file", metavar="FILE", help="JSON; - for standard input")
    for parser in (show, move, edit, resolve):
        parser.add_argument("order", metavar="ORDER", help="its code, its id here or its id at the shop")
    move.add_argument("status", metavar="STATUS")
    move.add_argument("--reason", default="", metavar="TEXT", help="for the history")
    edit.add_argument(
        "changes",
        nargs="+",
        metavar="FIELD=VALUE",
        help="such as name=…, phone=…, street=…, city=…, comment=…; "
        "of a line: line.1.quantity=2 (0 takes it out), line.1.additions=“extra cheese +50; no onions”, "
        "line.1.discount=10%%, line.1.notes=…; one more: line.3.title=…, line.3.unit_price=…",
    )
    resolve.add_argument(
        "choice", choices=("mine", "theirs"), help="send ours again, or take the shop's value"
    )


def _add_queue(commands: Group, common: argparse.ArgumentParser) -> None:
    queue = _group(commands, common, "queue", "The changes for the shops, and what became of them")
    listed = _command(
        queue,
        common,
        "queue list",
        "List all changes that are not settled, and the last 1,000 that are; the newest last",
    )
    listed.add_argument(
        "--state",
        action="append",
        default=[],
        metavar="S",
        help="only this state, without a limit; “all” for every change",
    )
    retry = _command(queue, common, "queue retry", "Send refused changes again")
    discard = _command(
        queue, common, "queue discard", "Give changes up; the order goes back to the shop's value"
    )
    for parser in (retry, discard):
        parser.add_argument("ids", nargs="+", metavar="ID", help="as “posapp queue list” shows it")
    discard.add_argument("--reason", required=True, metavar="TEXT", help="for the history")


def _add_products(commands: Group, common: argparse.ArgumentParser) -> None:
    products = _group(commands, common, "products", "What the shop sells")
    taken = _command(products, common, "products import", "Add and change products from a file")
    taken.add_argument("file", metavar="FILE", help="CSV or JSON; - for standard input")
    taken.add_argument("--preview", action="store_true", help="only show what would be done")
    taken.add_argument("--skip-errors", action="store_true", help="leave rows with problems out")
    written = _command(products, common, "products export", "Write all products as CSV")
    written.add_argument("file", metavar="FILE")
    listed = _command(products, common, "products list", "List the products")
    listed.add_argument("--search", default="", metavar="TEXT", help="title or id")
    listed.add_argument("--deleted", action="store_true", help="also those that are not sold any more")
    sent = _command(products, common, "products publish", "Send what has changed to the shops")
    sent.add_argument("--remote", default="", metavar="NAME", help="only to this shop")
    sent.add_argument("--all", action="store_true", help="every product, changed or not")
    sent.add_argument(
        "--timeout", type=_seconds, metavar="SECONDS", help="how long it may take (default: 300)"
    )


def _add_customers(commands: Group, common: argparse.ArgumentParser) -> None:
    customers = _group(commands, common, "customers", "Forget customers; what was sold stays")
    aged = _command(
        customers, common, "customers anonymise", "Take the customers out of all orders that are old enough"
    )
    aged.add_argument(
        "--days",
        type=_number(7, 3650),
        metavar="N",
        help="finished before so many days; default: as the settings say",
    )
    one = _command(customers, common, "customers forget", "Forget one customer who asks for it")
    one.add_argument("--phone", required=True, metavar="NUMBER", help="the whole number, in any spelling")
    for parser in (aged, one):
        parser.add_argument("--preview", action="store_true", help="only show what would be done")


def _add_remotes(commands: Group, common: argparse.ArgumentParser) -> None:
    remotes = _group(commands, common, "remotes", "The shops that orders come from")
    _command(remotes, common, "remotes list", "List the connected shops")
    added = _command(
        remotes,
        common,
        "remotes add",
        "Connect a shop; its key or password is read from standard input, one line",
    )
    renewed = _command(
        remotes,
        common,
        "remotes password",
        "Give a shop a new key or password, read from standard input, one line; nothing else of it changes",
    )
    removed = _command(remotes, common, "remotes remove", "Disconnect a shop; its orders stay")
    tested = _command(remotes, common, "remotes test", "Ask a shop whether it is there and knows our key")
    for parser in (added, renewed, removed, tested):
        parser.add_argument("name", metavar="NAME", help="small letters, digits and -")
    renewed.add_argument("--username", metavar="U", help="who signs in, if that changes too")
    added.add_argument("--format", required=True, metavar="F", help="internal or staff")
    added.add_argument("--base-url", required=True, metavar="URL", help="https://shop.example")
    added.add_argument("--username", metavar="U", help="who signs in, for the format staff")
    added.add_argument("--currency", metavar="CODE", help="default: KZT")
    added.add_argument("--timezone", metavar="ZONE", help="default: Asia/Almaty")
    added.add_argument("--poll-seconds", type=int, metavar="N", help="default: 10")
    added.add_argument("--collapse", metavar="MODE", help="milestones, all or last")
    added.add_argument("--update", metavar="METHOD", help="patch or put")


def _add_staff(commands: Group, common: argparse.ArgumentParser) -> None:
    staff = _group(commands, common, "staff", "The people who work here, and their PINs")
    _command(staff, common, "staff list", "List the people who work here")
    added = _command(
        staff,
        common,
        "staff add",
        "Add a person; the new PIN is read from standard input, a line of its own; the first is a manager",
    )
    changed = _command(staff, common, "staff change", "Give a person another name or role")
    renewed = _command(staff, common, "staff pin", "Give a person a new PIN, read from standard input")
    removed = _command(staff, common, "staff remove", "Let a person go; what they did stays")
    lost = _command(
        staff,
        common,
        "staff recover",
        "Give a manager a new PIN without one: at a terminal, after a wait",
    )
    for parser in (added, changed, renewed, removed, lost):
        parser.add_argument("name", metavar="NAME")
    roles = "cook, counter, courier_desk or manager"
    added.add_argument("--role", required=True, metavar="ROLE", help=roles)
    changed.add_argument(
        "--role", default="", metavar="ROLE", help=f"{roles}; with a new PIN where it is longer"
    )
    changed.add_argument("--name", dest="new_name", default="", metavar="NAME", help="the new name")


def _add_files(commands: Group, common: argparse.ArgumentParser) -> None:
    made = _command(commands, common, "backup", "Write a verified backup of the database")
    made.add_argument(
        "file", metavar="FILE", nargs="?", default="", help="default: as the schedule does, kept and rotated"
    )
    tried = _command(
        commands, common, "drill", "Try a restore in a scratch directory, and count what is in it"
    )
    tried.add_argument("file", metavar="FILE", nargs="?", default="", help="default: the newest backup")
    for name, help_text in (
        ("verify", "Check that a file is a whole backup"),
        ("restore", "Replace the database by a verified backup"),
    ):
        _command(commands, common, name, help_text).add_argument("file", metavar="FILE")


def _add_database(commands: Group, common: argparse.ArgumentParser) -> None:
    database = _group(commands, common, "database", "The shop's database, a file or on a server")
    _command(database, common, "database compact", "Write the file anew without gaps; a backup is made first")
    made = _command(
        database, common, "database init", "Make the database that posapp.toml (or --url) names, and its user"
    )
    made.add_argument("--url", default="", metavar="URL", help="which database; default: that of posapp.toml")
    made.add_argument(
        "--admin",
        default="",
        metavar="URL",
        help="how an administrator reaches the server; the password: POSAPP_DATABASE_ADMIN_PASSWORD",
    )
    made.add_argument(
        "--password-stdin",
        action="store_true",
        help="read the station's password, one line, and keep it where the keys of the shops are",
    )

    copied = _command(
        database, common, "database copy", "Copy all data to another, empty database; the old one is closed"
    )
    places = "postgresql://USER@HOST/DATABASE, a file, or “here” for posapp.db of this data directory"
    for name, word in (("source", "from"), ("target", "to")):
        copied.add_argument(
            f"--{word}",
            dest=name,
            default="",
            metavar="PLACE",
            help=f"{places}; default: that of posapp.toml",
        )
    copied.add_argument("--use", action="store_true", help="write the new place into posapp.toml")
    reopened = _command(
        database, common, "database reopen", "Go on with a database whose data were moved away"
    )
    reopened.add_argument(
        "place", nargs="?", default="here", metavar="PLACE", help=f"{places}; default: here"
    )


def _add_others(commands: Group, common: argparse.ArgumentParser) -> None:
    checked = _command(commands, common, "doctor", "Check this installation")
    checked.add_argument(
        "--repair",
        action="store_true",
        help="make anew what does not agree with the orders, such as counts and the search index; "
        "a backup is made first",
    )
    support = _command(commands, common, "support", "Write what helps to find a fault, without customers")
    support.add_argument("file", metavar="FILE", help="a new file, such as support.zip")
    sample = _command(commands, common, "sample-data", "Fill an empty database with believable orders")
    sample.add_argument("--orders", type=_number(1, 5_000_000), required=True, metavar="N", help="how many")
    sample.add_argument(
        "--seed", type=int, default=1, metavar="S", help="which orders (default: %(default)s)"
    )
    tour = _command(commands, common, "tour", "The training day without a screen, a picture of every screen")
    tour.add_argument("--out", required=True, metavar="DIR", help="where the pictures go")
    tour.add_argument("--language", choices=("en", "ru", "ne"), default="en")
    tour.add_argument("--theme", choices=("light", "dark"), default="light")
