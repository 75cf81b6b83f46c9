"""Runs commands in this process, each with a data directory of its own, and reads what they print."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from posapp.cli.main import main
from posapp.log import stop_logging
from posapp.storage.store import Store
from tests.support.drf_shop import DrfShop
from tests.support.faulty_remote import FaultyRemote
from tests.support.shop_orders import Clock, make_store


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        """Return the one JSON object on standard output."""
        content = json.loads(self.out)
        assert isinstance(content, dict)
        return content


Cli = Callable[..., Ran]


class Typed(io.StringIO):
    """Standard input that may pass for a terminal."""

    def __init__(self, text: str, *, terminal: bool) -> None:
        super().__init__(text)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.fixture
def data_dir() -> Path:
    return Path(os.environ["POSAPP_DATA_DIR"])


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Cli]:
    """Run a command; `stdin` is what it reads."""
    mask = os.umask(0o022)

    def run(*arguments: str, stdin: str = "", terminal: bool = False) -> Ran:
        monkeypatch.setattr(sys, "stdin", Typed(stdin, terminal=terminal))
        capsys.readouterr()
        code = main(arguments)
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        return Ran(code, printed.out, printed.err)

    yield run
    stop_logging()
    os.umask(mask)


@pytest.fixture
def shop_store(data_dir: Path) -> Iterator[Store]:
    """Open the commands' own database."""
    store = make_store(data_dir, Clock())
    yield store
    store.close_thread()


@pytest.fixture
def remote() -> Iterator[FaultyRemote]:
    with FaultyRemote() as remote:
        yield remote


@pytest.fixture
def connected(cli: Cli, remote: FaultyRemote) -> FaultyRemote:
    """Connect a shop with three orders."""
    remote.add(3)
    added = cli(
        "remotes",
        "add",
        "alma",
        "--format",
        "internal",
        "--base-url",
        remote.url,
        stdin=f"{remote.api_key}\n",
    )
    assert added.code == 0
    return remote


@pytest.fixture(scope="module")
def back_end(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DrfShop]:
    with DrfShop(tmp_path_factory.mktemp("back-end")) as running:
        yield running


@pytest.fixture
def shop(back_end: DrfShop) -> DrfShop:
    """Return the back end with twelve orders."""
    back_end.begin(12)
    return back_end
