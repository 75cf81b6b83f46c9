"""docs/operations.md is true: its commands are taken out of it and run, from one computer to a server and on.

Only names of places are others here: the shop, the server, the drive, and where the data are.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support import postgres
from tests.support.faulty_remote import FaultyRemote

DOCUMENT = Path(__file__).parents[3] / "docs" / "operations.md"
KEY = "key-of-the-test-shop"
SECTIONS = (
    "One PC",
    "Two PCs",
    "A shop with its own server",
    "Moving in",
    "When the server is away",
    "Moving to a new PC",
    "Backups",
)
_BLOCK = re.compile(r"^```sh\n# on the (.+?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """Some commands, the computer they are for, and the section that they stand in."""

    section: str
    computer: str
    commands: str


def blocks() -> list[Block]:
    """Take the commands of these sections out of the document."""
    found: list[Block] = []
    for section in re.split(r"^## ", DOCUMENT.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        title, _, text = section.partition("\n")
        if title in SECTIONS:
            here = [Block(title, computer, commands) for computer, commands in _BLOCK.findall(text)]
            assert len(here) == text.count("```sh"), f"{title}: a block without “# on the …”"
            found += here
    return found


class Shop:
    """The computers of a shop, each with a home of its own, on one server that is not asked for passwords."""

    def __init__(self, place: Path, remote: FaultyRemote) -> None:
        self._place = place
        self._server = postgres.needed_server()
        self._url = remote.url
        self.stick = place / "stick"
        self.stick.mkdir()
        programs = place / "programs"
        programs.mkdir()
        posapp = programs / "posapp"
        posapp.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m posapp "$@"\n')
        posapp.chmod(0o755)
        self._path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        with self._server.owner() as owner:
            owner.execute("DROP DATABASE IF EXISTS posapp WITH (FORCE)")
            owner.execute("DROP ROLE IF EXISTS posapp")

    def home(self, computer: str) -> Path:
        name = "counter" if computer == "old computer" else computer
        found = self._place / name.replace(" ", "-").replace("'", "")
        if not found.exists():
            found.mkdir()
            (found / "key.txt").write_text(f"{KEY}\n")
        return found

    def run(self, block: Block, typed: str = "") -> str:
        """Run a block as it stands, and return what it prints; a command that fails ends it."""
        home, port = self.home(block.computer), self._server.port
        commands = block.commands
        for there, here in (
            ("postgres@db.shop.example", f"owner@127.0.0.1:{port}"),
            ("db.shop.example:5432", f"127.0.0.1:{port}"),
            ("@db.shop.example", f"@127.0.0.1:{port}"),
            ("https://shop.example", self._url),
            ("/media/stick", str(self.stick)),
            ("~/", f"{home}/"),
        ):
            commands = commands.replace(there, here)
        assert "shop.example/" not in commands
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            input=typed, capture_output=True, text=True, check=False, cwd=home, timeout=120,
            env={
                **os.environ,
                "PATH": self._path,
                "HOME": str(home),
                "POSAPP_DATA_DIR": str(home / ".local" / "share" / "posapp"),
                "PYTHONPATH": str(DOCUMENT.parents[1]),
                "PYTHONUTF8": "1",
            },
        )  # fmt: skip
        said = f"{commands}\n{done.stdout}\n{done.stderr}"
        assert done.returncode == 0, f"{block.section}, {block.computer}:\n{said}"
        return done.stdout

    def close(self) -> None:
        with self._server.owner() as owner:
            owner.execute("DROP DATABASE IF EXISTS posapp WITH (FORCE)")
            owner.execute("DROP ROLE IF EXISTS posapp")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with FaultyRemote(api_key=KEY) as remote:
        remote.add(3)
        made = Shop(tmp_path, remote)
        yield made
        made.close()


@pytest.mark.timeout(300)
@pytest.mark.skipif(shutil.which("bash") is None, reason="the commands are for a shell")
def test_every_command_of_the_document_does_what_it_says(shop: Shop) -> None:
    of: dict[str, list[Block]] = {}
    for block in blocks():
        of.setdefault(block.section, []).append(block)

    (first,) = of.pop("One PC")
    assert "ok" in shop.run(first)
    (certificate,) = of.pop("Two PCs")
    if shutil.which("openssl"):
        shop.run(certificate)
        assert (shop.home("counter") / "server.crt").exists()
    made, other = of.pop("A shop with its own server")
    assert "The database posapp was made." in shop.run(made, typed="s3cret\ns3cret too\n")
    away, back = of.pop("Moving in")
    told = shop.run(away)
    assert "3 orders" in told
    assert "3 of 3 orders" in told or told.count("created") == 3
    shop.run(other)
    # A station that moves back must be alone; what it brings is everything.
    shop.run(Block("Backups", "counter", f"posapp backup {shop.stick}/posapp-server.db\n"))
    assert "3 orders" in shop.run(back)

    old, new = of.pop("Moving to a new PC")
    shop.run(old)
    assert "Restored" in shop.run(new)
    assert shop.run(Block("", "new computer", "posapp orders list\n")).count("created") == 3

    made_now, restored, lost = of.pop("Backups")
    told = shop.run(made_now)
    assert "Saved and verified" in told
    assert "Good:" in told
    assert "People and PINs" in shop.run(restored)
    shop.run(Block("", "counter", "sed -i 's#^url = .*#url = \"postgresql://nobody@127.0.0.1:1/gone\"#' "
                   "~/.local/share/posapp/posapp.toml\n"))  # fmt: skip
    assert "Restored" in shop.run(lost)
    assert shop.run(Block("", "counter", "posapp orders list\n")).count("created") == 3
    assert of == {}, "commands that no test runs"


def test_the_document_stays_readable() -> None:
    lines = DOCUMENT.read_text("utf-8").splitlines()
    assert len(lines) < 450
    assert [title for title in SECTIONS if f"## {title}" not in lines] == []
