"""The training shop as a real process: API, control door, outages, and that it never stays behind."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from posapp.domain.status import PaymentStatus, Status
from posapp.sandbox.process import SandboxError, SandboxProcess

START = datetime(2026, 3, 6, 14, 10, tzinfo=UTC)
LIST = "/internal_api/orders.json"


@pytest.fixture
def sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess.start(seed=3, speed=0, control=True, start=START) as running:
        yield running


def ask(
    sandbox: SandboxProcess, path: str, body: Any = None, method: str = "", key: str | None = None
) -> tuple[int, Any]:
    connection = http.client.HTTPConnection(urlsplit(sandbox.url).netloc, timeout=5)
    raw = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Api-Key": sandbox.key if key is None else key, "Content-Type": "application/json"}
    try:
        connection.request(method or ("GET" if body is None else "PUT"), path, raw, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def listed(sandbox: SandboxProcess) -> list[dict[str, Any]]:
    status, value = ask(sandbox, LIST)
    assert status == 200
    return list(value["orders"])


def test_it_starts_quickly_on_the_loopback_and_leaves_nothing() -> None:
    began = time.monotonic()
    sandbox = SandboxProcess.start()
    assert time.monotonic() - began < 2.0
    assert urlsplit(sandbox.url).hostname == "127.0.0.1"
    assert ask(sandbox, "/internal_api/sync_healthcheck.json") == (200, {"status": "ok"})
    assert sandbox.key not in repr(sandbox)
    pid = sandbox.pid
    sandbox.stop()
    sandbox.stop()
    assert not sandbox.running
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_orders_arrive_and_take_updates(sandbox: SandboxProcess) -> None:
    assert listed(sandbox) == []
    state = sandbox.advance(30)
    assert state.now == START + timedelta(seconds=30)
    assert state.happened == ("erzhan", "igor")
    first, second = listed(sandbox)
    assert first["created_at"] == "2026-03-06T19:10:05.000+05:00"
    assert first["customer"]["name"] == "Ержан Сейткали"
    path = f"/internal_api/orders/{first['id']}.json"
    assert ask(sandbox, path, {"order": {"status": "timing"}}) == (
        200,
        {"processing_object": {"id": 1, "status": "succeeded", "info": "Updated: 1"}},
    )
    assert listed(sandbox) == [second]
    assert ask(sandbox, path) == (200, {**first, "status": "timing"})
    (erzhan, _) = sandbox.state().orders
    assert (erzhan.name, erzhan.id, erzhan.status) == ("erzhan", first["id"], Status.TIMING)


def test_the_payment_system_cancels_while_the_order_cooks(sandbox: SandboxProcess) -> None:
    state = sandbox.advance_to("bekzat")
    order_id = state.orders[-1].id
    path = f"/internal_api/orders/{order_id}.json"
    ask(sandbox, path, {"order": {"status": "cooking"}})
    assert sandbox.advance_to("bekzat-declined").happened == ("bekzat-declined",)
    status, order = ask(sandbox, path)
    assert (status, order["status"], order["payment_status"]) == (200, "cancelled", "failed")
    bekzat = next(one for one in sandbox.state().orders if one.name == "bekzat")
    assert bekzat.payment_status is PaymentStatus.FAILED


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("GET", "/internal_api/orders/nobody.json", None, 404),
        ("PUT", "/internal_api/orders/nobody.json", {"order": {"status": "accepted"}}, 404),
        ("GET", "/", None, 404),
        ("DELETE", LIST, None, 404),
        ("PUT", "/internal_api/orders/ID.json", {"order": {"status": "eaten"}}, 422),
        ("PUT", "/internal_api/orders/ID.json", {"status": "accepted"}, 422),
        ("PUT", "/internal_api/orders/ID.json", b"{", 422),
        ("PUT", "/internal_api/orders/ID.json", b"\xff", 422),
        ("PUT", "/internal_api/orders/ID.json", b"x" * 300_000, 400),
    ],
)
def test_wrong_requests_get_an_error_and_change_nothing(
    sandbox: SandboxProcess, method: str, path: str, body: Any, code: int
) -> None:
    sandbox.advance(10)
    (order,) = listed(sandbox)
    try:
        assert ask(sandbox, path.replace("ID", order["id"]), body, method)[0] == code
    except ConnectionError:
        assert code == 400, "only a body that is far too large may end without an answer"
    assert listed(sandbox) == [order]


def test_a_wrong_key_opens_nothing(sandbox: SandboxProcess) -> None:
    assert ask(sandbox, LIST, key="wrong")[0] == 401
    assert ask(sandbox, LIST, key="")[0] == 401


def test_the_control_door_is_shut_without_its_token_and_absent_unless_asked_for() -> None:
    with SandboxProcess.start(control=True) as sandbox:
        sandbox._token = "guessed"
        with pytest.raises(SandboxError, match="refused"):
            sandbox.advance(1)
        assert ask(sandbox, "/_sandbox/advance", {"seconds": 1}, "POST")[0] == 404
    with SandboxProcess.start() as sandbox, pytest.raises(SandboxError, match="without a control door"):
        sandbox.advance(1)


def test_the_control_door_refuses_what_makes_no_sense(sandbox: SandboxProcess) -> None:
    sandbox.advance_to("igor")
    for name in ("igor", "nonsense"):
        with pytest.raises(SandboxError, match="still to come"):
            sandbox.advance_to(name)
    for seconds in (-1, 1e12, float("nan")):
        with pytest.raises(SandboxError, match="refused"):
            sandbox.advance(seconds)
    assert sandbox.state().now == START + timedelta(seconds=25)


def test_an_outage_refuses_connections_and_ends_on_the_same_port(sandbox: SandboxProcess) -> None:
    kept = http.client.HTTPConnection(urlsplit(sandbox.url).netloc, timeout=5)
    kept.request("GET", LIST, headers={"Api-Key": sandbox.key})
    kept.getresponse().read()
    assert sandbox.outage(on=True).outage
    with pytest.raises(ConnectionRefusedError):
        listed(sandbox)
    assert kept.sock.recv(1) == b"", "the kept connection has ended too"
    kept.close()
    assert not sandbox.outage(on=False).outage
    assert listed(sandbox) == []
    assert sandbox.advance_to("outage").outage
    with pytest.raises(ConnectionRefusedError):
        listed(sandbox)
    assert "ruslan" in sandbox.advance(120).happened
    assert len(listed(sandbox)) == 10


def test_the_scripted_outage_comes_and_goes_by_itself() -> None:
    with SandboxProcess.start(speed=120, control=True) as sandbox:
        sandbox.advance(13 * 60 - 60)
        seen: list[str] = []
        end = time.monotonic() + 5
        while seen != ["up", "down", "up"] and time.monotonic() < end:
            try:
                listed(sandbox)
                now = "up"
            except ConnectionError:
                now = "down"
            if seen[-1:] != [now]:
                seen.append(now)
            time.sleep(0.02)
        assert seen == ["up", "down", "up"]


def test_the_same_seed_and_start_give_the_same_orders() -> None:
    seen = []
    for _ in range(2):
        with SandboxProcess.start(seed=9, speed=0, control=True, start=START) as sandbox:
            sandbox.advance_to("tour")
            seen.append(listed(sandbox))
    assert seen[0] == seen[1]
    assert len(seen[0]) == 18


# -- ends ----------------------------------------------------------------------------------------------


def spawn(*options: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "posapp.sandbox", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline()
    return process


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_on_a_signal_without_a_word(number: signal.Signals) -> None:
    process = spawn()
    process.send_signal(number)
    out, errors = process.communicate(timeout=5)
    assert (process.returncode, out, errors) == (0, b"", b"")


def test_it_ends_when_its_input_ends() -> None:
    process = spawn("--speed", "0", "--control", "my-token")
    out, errors = process.communicate(timeout=5)
    assert (process.returncode, out, errors) == (0, b"", b"")


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_it_ends_when_its_parent_is_killed() -> None:
    code = (
        "import time; from posapp.sandbox.process import SandboxProcess as S;"
        " s = S.start(); print(s.pid, s.url, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid, url = parent.stdout.readline().split()
    parent.kill()
    parent.communicate(timeout=5)
    end = time.monotonic() + 5
    while _alive(int(pid)):
        assert time.monotonic() < end, "left behind"
        time.sleep(0.02)
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection(urlsplit(url).netloc, timeout=5).connect()


def test_a_start_that_fails_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with pytest.raises(SandboxError, match="could not be started"):
        SandboxProcess.start()
    monkeypatch.undo()
    with pytest.raises(SandboxError, match="0 to 10000"):
        SandboxProcess.start(speed=-1)


def test_it_runs_from_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with SandboxProcess.start() as sandbox:
        assert ask(sandbox, LIST)[0] == 200


def test_it_loads_neither_the_window_nor_the_database_nor_the_client() -> None:
    code = (
        "import sys, posapp.sandbox.__main__, posapp.sandbox.process;"
        "print([n for n in sys.modules if n.split('.')[0] in ('PySide6', 'peewee', 'urllib3', 'msgspec')"
        " or n.startswith('posapp.') and n.split('.')[1] not in ('sandbox', 'domain')])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    # Nobody may be there to reap it: then it stays as a zombie, which is as dead.
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
