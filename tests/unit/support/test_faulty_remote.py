"""The faulty server does what its faults say, seen with nothing but the standard library's client."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.faulty_plan import TEN_WAYS, Fault, FaultKind
from tests.support.faulty_remote import FaultyRemote

KEY = "key-of-the-test-shop"
LIST = "/internal_api/orders.json"


@pytest.fixture
def remote() -> Iterator[FaultyRemote]:
    with FaultyRemote(seed=7) as running:
        yield running


def call(
    remote: FaultyRemote,
    method: str,
    path: str,
    body: Any = None,
    *,
    key: str | None = KEY,
    timeout: float = 5,
) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", int(remote.url.rpartition(":")[2]), timeout=timeout)
    headers = {"Content-Type": "application/json"} | ({} if key is None else {"Api-Key": key})
    try:
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        connection.request(method, path, raw, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def get(remote: FaultyRemote, path: str = LIST, **more: Any) -> Any:
    status, _, body = call(remote, "GET", path, **more)
    assert status == 200
    return json.loads(body)


def list_on(connection: http.client.HTTPConnection) -> bytes:
    connection.request("GET", LIST, headers={"Api-Key": KEY})
    return connection.getresponse().read()


def order_path(order_id: str) -> str:
    return f"/internal_api/orders/{order_id}.json"


def put(remote: FaultyRemote, order_id: str, status: str, **more: Any) -> tuple[int, Any]:
    code, _, body = call(remote, "PUT", order_path(order_id), {"order": {"status": status}}, **more)
    return code, json.loads(body) if body else None


def test_the_list_holds_only_paid_orders_that_nobody_moved(remote: FaultyRemote) -> None:
    first, second, third, fourth = remote.add(4)
    remote.set_status(second, "accepted")
    remote.set_status(third, "created", payment_status="waiting_for_payment")
    assert [order["id"] for order in get(remote)["orders"]] == [first, fourth]


def test_one_order_is_not_wrapped_and_keeps_its_alphabet(remote: FaultyRemote) -> None:
    (order_id,) = remote.add(1)
    _, headers, body = call(remote, "GET", order_path(order_id))
    assert json.loads(body) == remote.orders[order_id]
    assert "Айгерим Сатпаева".encode() in body
    assert headers["Content-Type"].startswith("application/json")
    assert headers["Date"]


def test_an_update_is_saved_and_answered_with_a_processing_object(remote: FaultyRemote) -> None:
    (order_id,) = remote.add(1)
    assert put(remote, order_id, "accepted") == (
        200,
        {"processing_object": {"id": 1, "status": "succeeded", "info": "Updated: 1"}},
    )
    assert remote.status(order_id) == "accepted"
    assert remote.writes(order_id) == ["accepted"]
    assert [(entry.call, entry.processed, entry.answer) for entry in remote.log] == [("update", True, 200)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", 400),
        (b"", 400),
        ([], 422),
        ({"order": {}}, 422),
        ({"status": "accepted"}, 422),
        ({"order": {"status": 5}}, 422),
        ({"order": {"status": "accepted", "comment": ""}}, 422),
        ({"order": {"status": "accepted"}, "more": 1}, 422),
        ({"order": {"status": "eaten"}}, 422),
    ],
)
def test_an_update_of_another_shape_is_refused(remote: FaultyRemote, body: Any, code: int) -> None:
    (order_id,) = remote.add(1)
    assert call(remote, "PUT", order_path(order_id), body)[0] == code
    assert remote.status(order_id) == "created"


@pytest.mark.parametrize(("key", "code"), [(KEY, 200), ("wrong", 401), (None, 401)])
def test_only_the_right_key_opens_and_the_log_does_not_hold_it(
    remote: FaultyRemote, key: str | None, code: int
) -> None:
    assert call(remote, "GET", LIST, key=key)[0] == code
    (entry,) = remote.log
    assert entry.api_key == {KEY: "right", "wrong": "wrong", None: "absent"}[key]
    assert dict(entry.headers).get("api-key") == (None if key is None else "present")
    assert KEY not in repr(entry)


def test_unknown_things_are_not_found(remote: FaultyRemote) -> None:
    assert call(remote, "GET", order_path("nobody"))[0] == 404
    assert put(remote, "nobody", "accepted")[0] == 404
    assert call(remote, "GET", "/internal_api/products.json")[0] == 404
    (order_id,) = remote.add(1)
    remote.remove(order_id)
    assert call(remote, "GET", order_path(order_id))[0] == 404


def test_moves_can_be_refused_by_table_or_by_function() -> None:
    with FaultyRemote(transitions="strict") as remote:
        (order_id,) = remote.add(1)
        code, answer = put(remote, order_id, "ondelivery")
        assert (code, answer["processing_object"]["status"]) == (200, "failed")
        assert "errors" in answer["processing_object"]
        remote.refuse = lambda order_id, old, new: f"no {old} to {new}"
        answer = put(remote, order_id, "accepted")[1]
        assert answer["processing_object"]["errors"] == "no created to accepted"
        assert remote.writes(order_id) == []


def test_health_answers_what_it_is_told(remote: FaultyRemote) -> None:
    assert get(remote, "/internal_api/sync_healthcheck.json") == {"status": "ok"}
    remote.health = "fail"
    assert get(remote, "/internal_api/sync_healthcheck.json") == {"status": "fail"}


# -- faults --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "saved"), [("drop_before", False), ("drop_after", True)])
def test_a_dropped_call_has_no_answer(remote: FaultyRemote, kind: str, saved: bool) -> None:
    (order_id,) = remote.add(1)
    remote.next_fault(kind)
    with pytest.raises(ConnectionError):
        put(remote, order_id, "accepted")
    assert (remote.status(order_id) == "accepted") is saved
    assert (remote.log[0].fault, remote.log[0].processed, remote.log[0].answer) == (kind, saved, None)
    assert put(remote, order_id, "accepted")[0] == 200, "only one call goes wrong"


@pytest.mark.parametrize(
    ("fault", "code", "saved"),
    [
        (Fault(FaultKind.E500), 500, False),
        (Fault(FaultKind.E500_AFTER), 500, True),
        (Fault(FaultKind.E503), 503, False),
        (Fault(FaultKind.E429), 429, False),
        (Fault(FaultKind.WRONG_KEY), 401, False),
        (Fault(FaultKind.WRONG_KEY, code=403), 403, False),
    ],
)
def test_error_codes(remote: FaultyRemote, fault: Fault, code: int, saved: bool) -> None:
    (order_id,) = remote.add(1)
    remote.next_fault(fault, match="update")
    assert get(remote)["orders"], "a fault for writes leaves reads alone"
    assert call(remote, "PUT", order_path(order_id), {"order": {"status": "accepted"}})[0] == code
    assert (remote.status(order_id) == "accepted") is saved
    assert remote.log[1].answer == code


def test_retry_after_is_sent_as_asked(remote: FaultyRemote) -> None:
    for fault in (Fault(FaultKind.E429), Fault(FaultKind.E429, retry_after="7"), Fault(FaultKind.E503)):
        remote.next_fault(fault)
    remote.next_fault(Fault(FaultKind.E503, retry_after="Fri, 31 Dec 1999 23:59:59 GMT"))
    sent = [call(remote, "GET", LIST)[1]["Retry-After"] for _ in range(4)]
    assert sent == ["1", "7", None, "Fri, 31 Dec 1999 23:59:59 GMT"]


def test_a_portal_page_comes_with_200(remote: FaultyRemote) -> None:
    (order_id,) = remote.add(1)
    remote.next_fault("html200")
    code, headers, body = call(remote, "PUT", order_path(order_id), {"order": {"status": "accepted"}})
    assert (code, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert body.startswith(b"<!DOCTYPE html>")
    assert remote.status(order_id) == "created"


def test_a_redirect_points_to_another_origin_that_tells_who_followed(remote: FaultyRemote) -> None:
    remote.next_fault("redirect302")
    code, headers, _ = call(remote, "GET", LIST)
    assert (code, headers["Location"]) == (302, remote.other_url + LIST)
    assert remote.other_url != remote.url
    assert remote.other_origin == []
    other = http.client.HTTPConnection("127.0.0.1", int(remote.other_url.rpartition(":")[2]), timeout=5)
    other.request("GET", LIST, headers={"Api-Key": KEY})
    assert other.getresponse().read() == b'{"orders": []}'
    other.close()
    assert [(visit.path, visit.had_api_key) for visit in remote.other_origin] == [(LIST, True)]


def test_a_truncated_answer_ends_early_although_the_write_was_saved(remote: FaultyRemote) -> None:
    (order_id,) = remote.add(1)
    remote.next_fault("truncated")
    with pytest.raises(http.client.IncompleteRead):
        put(remote, order_id, "accepted")
    assert remote.status(order_id) == "accepted"


def test_an_empty_answer_although_the_write_was_saved(remote: FaultyRemote) -> None:
    (order_id,) = remote.add(1)
    remote.next_fault("empty200")
    assert put(remote, order_id, "accepted") == (200, None)
    assert remote.status(order_id) == "accepted"


def test_answers_of_a_wrong_type(remote: FaultyRemote) -> None:
    (order_id,) = remote.add(1)
    remote.next_fault("wrong_type", times=3)
    assert put(remote, order_id, "accepted") == (200, {"processing_object": []})
    assert remote.status(order_id) == "accepted"
    assert get(remote)["orders"] == {order_id: remote.orders[order_id]}
    assert get(remote, order_path(order_id)) == []


def test_a_failed_processing_object_saves_nothing(remote: FaultyRemote) -> None:
    (order_id,) = remote.add(1)
    remote.next_fault("failed")
    assert get(remote)["orders"], "reads cannot fail in this way: the fault waits for a write"
    assert put(remote, order_id, "accepted")[1]["processing_object"]["status"] == "failed"
    assert remote.status(order_id) == "created"


@pytest.mark.parametrize(("kind", "saved"), [("updated0", False), ("updated0_after", True)])
def test_a_success_that_updated_nothing(remote: FaultyRemote, kind: str, saved: bool) -> None:
    (order_id,) = remote.add(1)
    remote.next_fault(kind)
    answer = put(remote, order_id, "accepted")[1]["processing_object"]
    assert (answer["status"], answer["info"]) == ("succeeded", "Updated: 0")
    assert (remote.status(order_id) == "accepted") is saved


def test_lists_that_shrink_or_have_gaps(remote: FaultyRemote) -> None:
    remote.add(20)
    remote.next_fault("list_empty")
    remote.next_fault("list_gap")
    assert get(remote)["orders"] == []
    assert 0 < len(get(remote)["orders"]) < 20
    assert len(get(remote)["orders"]) == 20


def test_slow_saves_at_once_and_slow_before_does_not(remote: FaultyRemote) -> None:
    (order_id,) = remote.add(1)
    for kind, status, at_once in (("slow", "accepted", True), ("slow_before", "cooking", False)):
        remote.next_fault(Fault(FaultKind(kind), seconds=0.3))
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            put(remote, order_id, status, timeout=0.1)
        assert (remote.status(order_id) == status) is at_once
        wait_until(lambda wanted=status: remote.status(order_id) == wanted)
        remote.next_fault(Fault(FaultKind(kind), seconds=0.3))
        assert put(remote, order_id, status)[0] == 200
        assert time.monotonic() - began >= 0.4


def test_hang_never_answers_nor_saves(remote: FaultyRemote) -> None:
    (order_id,) = remote.add(1)
    remote.next_fault("hang")
    with pytest.raises(TimeoutError):
        put(remote, order_id, "accepted", timeout=0.2)
    remote.next_fault(Fault(FaultKind.HANG, seconds=0.05))
    with pytest.raises(ConnectionError):
        put(remote, order_id, "accepted")
    assert remote.status(order_id) == "created"
    assert [entry.processed for entry in remote.log] == [False, False]


def test_a_late_write_arrives_after_it_was_given_up(remote: FaultyRemote) -> None:
    (order_id,) = remote.add(1)
    remote.next_fault(Fault(FaultKind.LATE, seconds=0.3))
    with pytest.raises(ConnectionError):
        put(remote, order_id, "accepted")
    assert put(remote, order_id, "cooking")[0] == 200
    assert remote.writes(order_id) == ["cooking"]
    wait_until(lambda: remote.status(order_id) == "accepted")
    assert remote.writes(order_id) == ["cooking", "accepted"]
    late, prompt = remote.log
    assert late.processed
    assert late.processed_at is not None
    assert prompt.processed_at is not None
    assert late.at < prompt.at < prompt.processed_at < late.processed_at


def test_faults_can_be_aimed(remote: FaultyRemote) -> None:
    first, second = remote.add(2)
    remote.next_fault("e500", match=second)
    remote.next_fault("e503", match=lambda asked: asked.status == "cooking")
    assert put(remote, first, "accepted")[0] == 200
    assert call(remote, "GET", order_path(second))[0] == 500
    assert put(remote, first, "cooking")[0] == 503
    remote.next_fault("e500", times=5)
    remote.no_faults()
    assert put(remote, first, "cooking")[0] == 200


def test_random_faults_have_the_asked_rate_and_follow_the_seed() -> None:
    seen = []
    for seed in (7, 7, 8):
        with FaultyRemote(seed=seed, fault_rate=0.4) as remote:
            remote.set_faults(0.4, [Fault(way, seconds=0.0) for way in TEN_WAYS])
            for _ in range(300):
                try:
                    call(remote, "GET", LIST)
                except (OSError, http.client.HTTPException):
                    continue
            seen.append([entry.fault for entry in remote.log])
            assert set(remote.faults_met()) == set(TEN_WAYS)
    assert seen[0] == seen[1] != seen[2]
    assert 0.3 < sum(fault is not None for fault in seen[0]) / 300 < 0.5


# -- several at once -----------------------------------------------------------------------------------


def test_overlapping_writes_to_one_order_are_noticed(remote: FaultyRemote) -> None:
    first, second = remote.add(2)
    remote.next_fault(Fault(FaultKind.SLOW, seconds=0.4), match=first)
    slow = threading.Thread(target=put, args=(remote, first, "accepted"))
    slow.start()
    wait_until(lambda: remote.count("update") == 1)
    put(remote, second, "accepted")
    put(remote, first, "cooking")
    slow.join()
    put(remote, first, "ondelivery")
    flags = [(entry.order_id, entry.overlapping) for entry in remote.log]
    assert flags == [(first, False), (second, False), (first, True), (first, False)]
    assert remote.max_in_flight_per_order == 2


def test_a_write_that_the_client_gave_up_is_no_longer_in_flight(remote: FaultyRemote) -> None:
    (order_id,) = remote.add(1)
    for _ in range(20):
        remote.next_fault("hang")
        with pytest.raises(TimeoutError):
            put(remote, order_id, "accepted", timeout=0.01)
        put(remote, order_id, "accepted")
    assert remote.max_in_flight_per_order == 1
    assert not any(entry.overlapping for entry in remote.log)


def test_offline_refuses_and_comes_back_on_the_same_port(remote: FaultyRemote) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", int(remote.url.rpartition(":")[2]), timeout=5)
    assert list_on(connection)
    remote.go_offline()
    with pytest.raises(ConnectionError):
        get(remote)
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        list_on(connection)
    connection.close()
    remote.go_online()
    assert get(remote) == {"orders": []}
    remote.go_offline()
    remote.go_online()
    assert get(remote) == {"orders": []}


def test_kept_connections_are_used_again_until_the_server_closes_them(remote: FaultyRemote) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", int(remote.url.rpartition(":")[2]), timeout=5)
    for _ in range(3):
        assert list_on(connection)
    kept = connection.sock
    assert kept is not None
    remote.close_idle()
    with pytest.raises(ConnectionError):
        list_on(connection)
    connection.close()


def test_raw_bodies_are_sent_as_they_are(remote: FaultyRemote) -> None:
    (order_id,) = remote.add(1)
    remote.list_body_override = b'{"orders": [NaN, 1e999, "\\ud800"]}'
    remote.order_body_override = b"[" * 100_000
    assert call(remote, "GET", LIST)[2] == b'{"orders": [NaN, 1e999, "\\ud800"]}'
    assert call(remote, "GET", order_path(order_id))[2] == b"[" * 100_000


def test_it_keeps_up_with_a_fast_client(remote: FaultyRemote) -> None:
    (order_id,) = remote.add(1)
    connection = http.client.HTTPConnection("127.0.0.1", int(remote.url.rpartition(":")[2]), timeout=5)
    body = json.dumps({"order": {"status": "accepted"}})
    headers = {"Api-Key": KEY, "Content-Type": "application/json"}
    spent = time.process_time()
    for _ in range(1000):
        connection.request("PUT", order_path(order_id), body, headers)
        assert connection.getresponse().read()
    # Client and server together: processor time, so that a busy machine does not fail the test.
    assert time.process_time() - spent < 2.0
    connection.close()


def wait_until(true: Any, seconds: float = 5.0) -> None:
    """Wait for a condition; fail when it does not come true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)
