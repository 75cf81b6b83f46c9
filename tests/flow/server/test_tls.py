"""A server on another computer: reached by TLS with the certificate of its own name, or not at all."""

from __future__ import annotations

import contextlib
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp.storage.server import Server
from tests.flow.server.conftest import Done, Station, station
from tests.support import postgres
from tests.support.certificates import Authority

HOST = "db.shop.example"
PASSWORD = "tls canary 77"
NOT_TRUSTED = "The database server's certificate is not trusted."


@pytest.fixture(scope="module")
def secured() -> Iterator[postgres.PostgresServer]:
    """Return a server with a station's role and an empty database of the present schema."""
    postgres.needed_server()
    with tempfile.TemporaryDirectory(prefix="posapp-pg-") as folder:
        running = postgres.PostgresServer(Path(folder))
        running.fresh()
        with running.owner() as owner:
            owner.execute(f"CREATE ROLE till LOGIN PASSWORD '{PASSWORD}'")
            owner.execute("CREATE DATABASE till_shop OWNER till")
        yield running
        running.stop()


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    folder = tmp_path / "papers"
    folder.mkdir()
    return Authority(folder)


def far(folder: Path, port: int, ca_file: Path, host: str = HOST) -> Station:
    """Return a station whose settings name a server of another computer."""
    url = f"postgresql://till@{host}:{port}/till_shop?sslrootcert={ca_file}"
    return station(folder, Server(url), "till-1")


def ask(place: Station) -> Done:
    """List the orders; the name of the other computer leads to this one."""
    return place.run("orders", "list", POSAPP_DATABASE_PASSWORD=PASSWORD, PGHOSTADDR="127.0.0.1")


def refused(done: Done, *said: str) -> None:
    assert done.code == 6
    for words in (NOT_TRUSTED, *said):
        assert words in done.err, done.err
    assert PASSWORD not in done.err


def test_the_right_certificate_lets_in(
    secured: postgres.PostgresServer, authority: Authority, tmp_path: Path
) -> None:
    secured.secure(authority.papers(name=HOST))
    place = far(tmp_path / "far", secured.port, authority.ca_file)

    done = ask(place)

    assert (done.code, done.data) == (0, {"orders": [], "total": 0}), done.err


def test_another_name_an_old_paper_and_a_strange_authority_are_refused(
    secured: postgres.PostgresServer, authority: Authority, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    stranger = Authority(other)
    secured.secure(authority.papers(name=HOST))
    refused(ask(far(tmp_path / "a", secured.port, stranger.ca_file)), "sslrootcert")
    refused(ask(far(tmp_path / "b", secured.port, authority.ca_file, "pg.shop.example")), "name")
    secured.secure(authority.papers(name=HOST, begins=-30, ends=-2))
    refused(ask(far(tmp_path / "c", secured.port, authority.ca_file)), "has expired", "clock")


def test_a_server_without_tls_is_refused(
    secured: postgres.PostgresServer, authority: Authority, tmp_path: Path
) -> None:
    secured.secure(None)

    done = ask(far(tmp_path / "far", secured.port, authority.ca_file))

    assert done.code == 6
    assert "does not speak TLS" in done.err
    assert "ssl = on" in done.err
    assert PASSWORD not in done.err


@contextlib.contextmanager
def listener(answer: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Answer the first word of each client so, and keep all that is said."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    client, _ = server.accept()
                    with client:
                        client.settimeout(2)
                        with contextlib.suppress(OSError):
                            heard.append(client.recv(4096))
                            client.sendall(answer)
                            heard.append(client.recv(4096))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(server.getsockname()[1]), heard
        server.shutdown(socket.SHUT_RDWR)
    thread.join(10)


# N: no TLS here; R: sign in without it, please.
@pytest.mark.parametrize("answer", [b"N", b"R\0\0\0\x08\0\0\0\x03"])
def test_a_server_that_only_listens_is_told_nothing(
    answer: bytes, authority: Authority, tmp_path: Path
) -> None:
    with listener(answer) as (port, heard):
        done = ask(far(tmp_path / "far", port, authority.ca_file))

    assert done.code == 6
    said = b"".join(heard)
    assert said.startswith(b"\0\0\0\x08\x04\xd2\x16\x2f")  # the question for TLS, and nothing else
    for secret in (PASSWORD.encode(), b"till", b"till_shop"):
        assert secret not in said
