"""Every failure ends with the right exit code and a sentence, never with a trace."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random

import pytest

from posapp import __version__
from posapp.cli import orders as orders_command
from posapp.storage.store import Store
from tests.flow.cli.conftest import Cli
from tests.support.shop_orders import order_fact, put_in, remote_order

POSAPP = [sys.executable, "-m", "posapp"]
SHOP = b'[[remotes]]\nname = "a"\nbase_url = "https://a.example"\n'
HEAVY = ("PySide6", "keyring", "urllib3", "tomlkit", "cryptography")
_MODULES = """
import sys
from posapp.cli.main import main
code = main(sys.argv[1:])
print(*sorted(sys.modules), file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ("--bogus",),
        ("bogus",),
        ("orders",),
        ("orders", "bogus"),
        ("orders", "list", "--bogus"),
        ("orders", "list", "--limit", "0"),
        ("orders", "list", "--limit", "-1"),
        ("orders", "list", "--limit", "9" * 30),
        ("orders", "list", "--limit", "٣"),
        ("orders", "list", "extra"),
        ("orders", "move", "1001"),
        ("orders", "edit", "1001"),
        ("sync",),
        ("sync", "--once", "--watch"),
        ("sync", "--once", "--timeout", "nan"),
        ("sync", "--once", "--timeout", "-1"),
        ("sync", "--watch", "--timeout", "3"),
        ("--screen", "cellar"),
        ("--screen", "orders", "orders", "list"),
        ("--full-screen", "doctor"),
        ("sample-data",),
        ("sample-data", "--orders", "many"),
        ("tour", "--out", "x", "--language", "xx"),
        ("tour", "--out", "x", "--language", "ru"),
        ("remotes", "add", "alma"),
        ("verify",),
    ],
)
def test_bad_usage(cli: Cli, data_dir: Path, arguments: tuple[str, ...]) -> None:
    ran = cli(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.strip()
    ran = cli("--json", *arguments)
    assert ran.code == 2
    assert set(ran.data["error"]) == {"title", "detail", "remedy", "fields"}
    assert not (data_dir / "posapp.db").exists()


def test_json_may_stand_anywhere_but_not_among_the_operands(cli: Cli) -> None:
    for arguments in (
        ("--json", "orders", "list"),
        ("orders", "--json", "list"),
        ("orders", "list", "--json"),
    ):
        assert cli(*arguments).data["total"] == 0
    assert not cli("orders", "show", "--", "--json").out


def test_the_data_directory_may_be_named_before_and_after(cli: Cli, tmp_path: Path, data_dir: Path) -> None:
    assert cli("--data-dir", str(tmp_path / "a"), "orders", "list").code == 0
    assert cli("orders", "list", "--data-dir", str(tmp_path / "b")).code == 0
    assert cli("--training", "orders", "list").code == 0

    assert (tmp_path / "a" / "posapp.db").exists()
    assert (tmp_path / "b" / "posapp.db").exists()
    assert (data_dir / "training" / "posapp.db").exists()
    assert not (data_dir / "posapp.db").exists()


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("orders", "--help"), ("sync", "-h")])
def test_help_is_no_failure(cli: Cli, arguments: tuple[str, ...]) -> None:
    ran = cli(*arguments)
    assert (ran.code, ran.err) == (0, "")
    assert "posapp" in ran.out


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"[station]\nname = 3\n", 2),
        (b"\n[sync]\n# many\nparallel_orders = 0\n", 4),
        (b"a = = 1\n", 1),
        (b"[station]\nname = \"x\n", 2),
        (b"\n\n\xff\n", 3),
        (b"[cellar]\n", 1),
        (b"station = 1\n", 1),
        (b'"(" = 1\n', 1),
        (b"[sync]\n\"*(\" = 1\n", 2),
        (b"[sync]\nparallel_orders = " + b"9" * 5000 + b"\n", 1),
        (b"x = " + b"[" * 100_000, 1),
        (SHOP + b"\n" + SHOP, 6),
        (SHOP.replace(b"https", b"http"), 3),
        (SHOP + b'format = "odd"\n', 4),
        (b'[[remotes]]\nname = "A B"\nbase_url = "https://a.example"\n', 2),
        (b"[remotes]\nname = 1\n", 1),
    ],
)  # fmt: skip
def test_broken_settings_name_file_and_line(cli: Cli, data_dir: Path, content: bytes, line: int) -> None:
    data_dir.mkdir(parents=True)
    (data_dir / "posapp.toml").write_bytes(content)

    for arguments in (
        ("orders", "list"),
        ("orders", "move", "1", "accepted"),
        ("sync", "--once"),
        ("remotes", "list"),
    ):
        ran = cli(*arguments, "--json")
        assert ran.code == 2
        assert f"{data_dir / 'posapp.toml'}, line " in ran.data["error"]["title"]
        if len(content) < 5000:
            assert f", line {line}: " in ran.err


def test_settings_with_a_byte_order_mark_are_read(cli: Cli, data_dir: Path, shop_store: Store) -> None:
    (data_dir / "posapp.toml").write_bytes(b'\xef\xbb\xbf[station]\r\nname = "bar"\r\n')
    put_in(shop_store, remote_order("r1"))

    assert cli("orders", "move", "r1", "accepted").code == 0
    assert cli("orders", "show", "r1", "--json").data["events"][-1]["station"] == "bar"


def test_an_empty_station_name_still_signs(cli: Cli, data_dir: Path, shop_store: Store) -> None:
    (data_dir / "posapp.toml").write_text('[station]\nname = " "\n')
    put_in(shop_store, remote_order("r1"))

    assert cli("orders", "move", "r1", "accepted").code == 0
    assert cli("orders", "show", "r1", "--json").data["events"][-1]["station"] == "counter-1"


# -- the database cannot be used -----------------------------------------------------------------------

COMMANDS = (
    ("orders", "list"),
    ("orders", "show", "r1"),
    ("orders", "move", "r1", "accepted"),
    ("queue", "list"),
    ("sync", "--once"),
    ("sample-data", "--orders", "5"),
    ("remotes", "list"),
    ("doctor",),
)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "what", ["newer", "rubbish", "of another program", "directory", "file for a directory"]
)
def test_a_database_that_cannot_be_used(
    cli: Cli, data_dir: Path, shop_store: Store, command: tuple[str, ...], what: str
) -> None:
    if what == "newer":
        shop_store.database.execute_sql("PRAGMA user_version = 99")
    shop_store.close_thread()
    file = data_dir / "posapp.db"
    if what == "rubbish":
        file.write_bytes(Random(1).randbytes(50_000))
    if what == "of another program":
        file.unlink()
        with closing(sqlite3.connect(file)) as other:
            other.execute("CREATE TABLE songs(title TEXT)")
    if what == "directory":
        file.unlink()
        file.mkdir()
    if what == "file for a directory":
        place = data_dir.with_name("a-file")
        place.write_text("")
        command = ("--data-dir", str(place / "x"), *command)

    ran = cli(*command, "--json")

    assert ran.code == 6
    assert set(ran.data["error"]) == {"title", "detail", "remedy", "fields"}
    assert ran.err


@contextmanager
def limited_disk(place: Path, options: str) -> Iterator[list[str]]:
    """Yield the beginning of a command that sees `place` mounted with these options, for root only."""
    script = (
        f'mount -t tmpfs -o {options} none "$0" && cp -a "$1"/. "$0" && eval "$2" && shift 2 && exec "$@"'
    )
    yield ["unshare", "-m", "sh", "-c", script, str(place)]


def may_mount() -> bool:
    try:
        done = subprocess.run(
            ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"],
            capture_output=True,
            check=False,
            timeout=10,
        )
    except OSError:
        return False
    return done.returncode == 0


@pytest.mark.parametrize(
    ("prepare", "title"),
    [
        ('mount -o remount,ro "$0"', "cannot be written"),
        ('{ dd if=/dev/zero of="$0/fill" bs=1k 2>/dev/null; true; }', ""),
    ],
)
@pytest.mark.parametrize("command", [("orders", "move", "r1", "accepted"), ("sync", "--once")])
def test_a_read_only_and_a_full_data_directory(
    data_dir: Path, shop_store: Store, tmp_path: Path, prepare: str, title: str, command: tuple[str, ...]
) -> None:
    (pk,) = put_in(shop_store, remote_order("r1"))
    shop_store.close_thread()
    place = tmp_path / "place"
    place.mkdir()
    if not may_mount():  # then at least a directory in which nothing can be made
        place.rmdir()
        place.write_text("")
        run = [*POSAPP, "--data-dir", str(place / "data"), *command, "--json"]
    else:
        with limited_disk(place, "size=900k") as start:
            run = [*start, str(data_dir), prepare, *POSAPP, "--data-dir", str(place), *command, "--json"]

    done = subprocess.run(run, capture_output=True, text=True, check=False, timeout=50)

    assert done.returncode == 6, done.stderr
    assert "Traceback" not in done.stderr
    assert json.loads(done.stdout)["error"]["title"]
    assert title in done.stderr or not may_mount()
    assert order_fact(shop_store, pk, "status") == "created"


# -- bugs, interruptions, outputs ----------------------------------------------------------------------


@pytest.mark.expects_log("A command failed")
def test_a_bug_is_a_sentence_here_and_a_trace_in_the_log(
    cli: Cli, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> int:
        raise KeyError("a-mistake")

    monkeypatch.setattr(orders_command, "_list", broken)

    ran = cli("orders", "list", "--json")

    assert ran.code == 1
    assert "posapp.log" in ran.data["error"]["detail"]
    assert "KeyError" in ran.err
    log = (data_dir / "logs" / "posapp.log").read_text()
    assert "a-mistake" in log
    assert "Traceback" in log


def test_a_full_disk_anywhere_is_no_bug(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> int:
        raise OSError(28, "No space left on device", "x")

    monkeypatch.setattr(orders_command, "_list", full)

    ran = cli("orders", "list")
    assert ran.code == 6
    assert "No space left" in ran.err


def test_an_interruption_is_calm(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(orders_command, "_list", interrupted)

    ran = cli("orders", "list")
    assert (ran.code, ran.out, ran.err) == (130, "", "")


def started(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*POSAPP, *arguments],
        capture_output=True,
        check=False,
        timeout=50,
        env={**os.environ, **environment},
    )


def test_a_terminal_that_lacks_letters_shows_question_marks(shop_store: Store) -> None:
    put_in(shop_store, remote_order("r1"))
    ascii_only = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}

    plain = started("orders", "list", **ascii_only)
    as_json = started("orders", "show", "r1", "--json", **ascii_only)

    assert plain.returncode == as_json.returncode == 0
    assert b"???????" in plain.stdout
    assert json.loads(as_json.stdout)["order"]["customer_name"] == "Айгерим"


@pytest.mark.parametrize("arguments", [("orders", "list"), ("orders", "list", "--json")])
def test_a_reader_that_has_gone_is_no_failure(shop_store: Store, arguments: tuple[str, ...]) -> None:
    put_in(shop_store, *(remote_order(f"r{number}") for number in range(60)))
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*POSAPP, *arguments], stdout=writing, stderr=subprocess.PIPE, check=False, timeout=50
    )
    os.close(writing)

    assert (done.returncode, done.stderr) == (0, b"")


def test_versions_and_moves_load_nothing_heavy(shop_store: Store, data_dir: Path) -> None:
    (data_dir / "posapp.toml").write_text(
        '[[remotes]]\nname = "alma"\nformat = "internal"\nbase_url = "https://alma.example"\n'
    )
    put_in(shop_store, remote_order("r1"))

    for arguments in (("--version",), ("orders", "move", "r1", "accepted")):
        done = subprocess.run(
            [sys.executable, "-c", _MODULES, *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=50,
        )
        assert done.returncode == 0
        loaded = {name.partition(".")[0] for name in done.stderr.split()}
        assert loaded & set(HEAVY) == set()
    assert __version__ in started("--version").stdout.decode()
