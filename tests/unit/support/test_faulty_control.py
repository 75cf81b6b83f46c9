"""The faulty server as a program of its own, worked through its control calls."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
import urllib3


@pytest.fixture
def url() -> Iterator[str]:
    command = [
        sys.executable,
        "-m",
        "tests.support.faulty_remote",
        "--orders",
        "3",
        "--key",
        "k",
        "--until-eof",
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.stdin.close()
        assert process.wait(5) == 0


def send(url: str, body: Any = None, method: str | None = None) -> urllib3.BaseHTTPResponse:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Api-Key": "k", "Content-Type": "application/json"}
    with urllib3.PoolManager(retries=False, timeout=5) as pool:
        return pool.request(method or ("GET" if data is None else "POST"), url, body=data, headers=headers)


def ask(url: str, body: Any = None, method: str | None = None) -> Any:
    answer = send(url, body, method)
    assert answer.status == 200, answer.data
    return answer.json()


def test_orders_can_be_added_moved_and_removed(url: str) -> None:
    (added,) = ask(f"{url}/_control/add", {"count": 1})["ids"]
    listed = ask(f"{url}/internal_api/orders.json")["orders"]
    assert [order["id"] for order in listed][3:] == [added]
    ask(f"{url}/_control/set_status", {"id": added, "status": "cancelled", "payment_status": "failed"})
    ask(f"{url}/_control/remove", {"id": listed[0]["id"]})
    orders = ask(f"{url}/_control/state")["orders"]
    assert orders[added]["payment_status"] == "failed"
    assert listed[0]["id"] not in orders
    assert len(ask(f"{url}/internal_api/orders.json")["orders"]) == 2


def test_faults_and_the_log(url: str) -> None:
    order_id = ask(f"{url}/internal_api/orders.json")["orders"][0]["id"]
    path = f"{url}/internal_api/orders/{order_id}.json"
    fault = {"kind": "e503", "retry_after": "3"}
    ask(f"{url}/_control/faults", {"next": [{"fault": fault, "match": "update"}]})
    answer = send(path, {"order": {"status": "accepted"}}, "PUT")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "3")
    ask(path, {"order": {"status": "accepted"}}, "PUT")
    log = ask(f"{url}/_control/log")["log"]
    assert [(entry["call"], entry["fault"], entry["processed"]) for entry in log] == [
        ("list", None, False),
        ("update", "e503", False),
        ("update", None, True),
    ]
    assert ask(f"{url}/_control/state")["writes"][order_id] == ["accepted"]
    assert send(f"{url}/_control/faults", {"next": [{"fault": "nonsense"}]}).status == 400


def test_offline_for_a_while(url: str) -> None:
    ask(f"{url}/_control/offline", {"seconds": 0.5})
    time.sleep(0.2)
    with pytest.raises(urllib3.exceptions.HTTPError):
        ask(f"{url}/_control/state")
    time.sleep(0.8)
    assert ask(f"{url}/_control/state")["orders"]
