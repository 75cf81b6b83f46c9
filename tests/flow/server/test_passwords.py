"""The database's password is where the keys of the shops are, and nowhere else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from posapp.storage.server import without_password
from tests.flow.server.conftest import Station, station
from tests.support import postgres

PASSWORD = "pä55 w:rd/@canary"
WRITTEN = "p%C3%A455%20w:rd%2F%40canary"


@pytest.fixture
def till(tmp_path: Path, own_server: postgres.PostgresServer) -> Station:
    """Return a computer whose server asks for passwords, and has neither its role nor its database."""
    own_server.secure(None)
    return station(tmp_path / "till", own_server.address("till_shop", "till"), "till-1")


def admin(till: Station, server: postgres.PostgresServer) -> str:
    return f"postgresql://owner@/postgres?host={server.folder}&port={server.port}"


def everything(till: Station, tmp_path: Path) -> bytes:
    """Return all that the station keeps, unpacked, apart from the secrets' own folder."""
    target = tmp_path / "support.zip"
    made = till.run("support", str(target))
    assert made.code == 0, made.err
    with zipfile.ZipFile(target) as bundle:
        parts = [bundle.read(name) for name in bundle.namelist()]
    return b"\n".join([*parts, *(path.read_bytes() for path in till.data_dir.rglob("*") if path.is_file())])


def nowhere(found: bytes) -> None:
    for canary in (PASSWORD, WRITTEN, "canary"):
        assert canary.encode() not in found


def test_init_keeps_the_password_that_it_is_given(
    till: Station, own_server: postgres.PostgresServer, tmp_path: Path
) -> None:
    made = till.run(
        "database", "init", "--admin", admin(till, own_server), "--password-stdin", stdin=f"{PASSWORD}\n"
    )
    assert made.code == 0, made.err
    assert "The password is kept in this computer's encrypted file of secrets." in made.data["done"]

    assert till.run("orders", "list").data == {"orders": [], "total": 0}
    wrong = till.run("orders", "list", POSAPP_DATABASE_PASSWORD="another")
    assert wrong.code == 6
    assert "--password-stdin" in wrong.err
    told = till.run("doctor")
    nowhere(repr((made, wrong, told)).encode() + everything(till, tmp_path))


def test_a_password_in_old_settings_is_moved_at_the_first_start(
    till: Station, own_server: postgres.PostgresServer, tmp_path: Path
) -> None:
    done = till.run("database", "init", "--admin", admin(till, own_server), POSAPP_DATABASE_PASSWORD=PASSWORD)
    assert done.code == 0, done.err
    assert till.run("orders", "list").code == 6  # nobody knows the password
    file = till.data_dir / "posapp.toml"
    text = file.read_text("utf-8")
    file.write_text(f"# ours\n{text.replace('//till@', f'//till:{WRITTEN}@')}", "utf-8")

    assert till.run("orders", "list").data == {"orders": [], "total": 0}

    assert file.read_text("utf-8") == f"# ours\n{text}"
    assert till.run("orders", "list").code == 0
    nowhere(everything(till, tmp_path))


def test_a_password_on_the_command_line_is_refused(till: Station) -> None:
    ran = till.run("database", "init", "--url", f"postgresql://till:{WRITTEN}@127.0.0.1/till_shop")

    assert ran.code == 2
    assert "must not hold the password" in ran.err
    nowhere(repr(ran).encode())


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("postgresql://u@h/d", ("postgresql://u@h/d", "")),
        ("postgresql://u:p%40@h:1/d?host=/x:y@z", ("postgresql://u@h:1/d?host=/x:y@z", "p@")),
        ("postgresql://u:a:b@[::1]:5/d", ("postgresql://u@[::1]:5/d", "a:b")),
        ("postgresql://u:p@?host=/run", ("postgresql://u@?host=/run", "p")),
        ("", ("", "")),
    ],
)
def test_a_password_is_cut_out_of_an_address(url: str, found: tuple[str, str]) -> None:
    assert without_password(url) == found
