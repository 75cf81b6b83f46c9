"""Signing in with tokens: who renews, what is stored when, and what a failure is taken for."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from posapp.domain.errors import PosError
from posapp.log import redact
from posapp.remote.api import Answer, NoReply, Purpose, Reply, Request, Trouble
from posapp.remote.tokens import SignIn, TokenTransport, read_sign_in, with_password
from tests.unit.remote.samples import answer

ASK = Request("GET", "apps/order/1/", Purpose.ORDER)
PUSH = Request("PATCH", "apps/order/1/", Purpose.UPDATE, body=b"{}")
DENIED = answer({"detail": "Token is invalid or expired"}, 401)


class Safe:
    """Keeps a secret and tells when."""

    def __init__(self, username: str = "", password: str = "", refresh: str = "") -> None:
        self.secret: str | None = SignIn(username, password, refresh).to_secret()
        self.log: list[str] = []
        self.broken = False

    def load(self) -> str | None:
        return self.secret

    def save(self, secret: str) -> None:
        if self.broken:
            raise PosError("The disk is full.")
        self.log.append(f"saved {read_sign_in(secret).refresh}")
        self.secret = secret


class Shop:
    """A back end in memory: tokens have numbers, each refresh token serves once."""

    def __init__(self, safe: Safe) -> None:
        self.safe = safe
        self.access = "a0"
        self.refresh = "r1-canary"
        self.password = "right-password"
        self.number = 1
        self.lock = threading.Lock()
        self.instead: Callable[[Request], Answer | None] = lambda request: None
        self.sent: list[str] = []
        self.closed = False

    def send(self, request: Request) -> Answer:
        with self.lock:
            self.sent.append(request.path)
            found = self.instead(request)
            if found is not None:
                return found
            if request.purpose is Purpose.SIGN_IN:
                time.sleep(0.02)
                return self._sign_in(request.path, json.loads(request.body or b""))
            if request.headers.get("Authorization") != f"Bearer {self.access}":
                return DENIED
            self.safe.log.append(f"used {self.access}")
            return answer({})

    def _sign_in(self, path: str, body: dict[str, Any]) -> Answer:
        if "obtain" in path:
            good = body == {"username": "anna", "password": self.password}
        else:
            good = body == {"refresh": self.refresh}
        if not good:
            return DENIED
        self.number += 1
        self.access, self.refresh = f"a{self.number}-canary", f"r{self.number}-canary"
        return answer({"access": self.access, "refresh": self.refresh})

    def end_access(self) -> None:
        self.access = "ended"

    def close(self) -> None:
        self.closed = True

    def count(self, word: str) -> int:
        return sum(word in path for path in self.sent)


def made(**parts: str) -> tuple[TokenTransport, Shop, Safe]:
    safe = Safe(**parts)
    shop = Shop(safe)
    return TokenTransport(shop, safe), shop, safe


def status_of(found: Answer) -> int:
    assert isinstance(found, Reply)
    return found.status


def test_the_password_obtains_tokens_and_they_are_kept_for_the_next_start() -> None:
    tokens, shop, safe = made(username="anna", password="right-password")
    assert [status_of(tokens.send(ASK)) for _ in range(3)] == [200] * 3
    assert (shop.count("obtain"), shop.count("refresh")) == (1, 0)
    assert read_sign_in(safe.secret) == SignIn("anna", "right-password", "r2-canary")
    later = TokenTransport(shop, safe)
    assert status_of(later.send(ASK)) == 200
    assert (shop.count("obtain"), shop.count("refresh")) == (1, 1)


def test_a_new_refresh_token_is_stored_before_anything_rests_on_it() -> None:
    tokens, _, safe = made(refresh="r1-canary")
    tokens.send(ASK)
    assert safe.log == ["saved r2-canary", "used a2-canary"]


def test_a_dead_access_token_is_renewed_and_the_request_sent_again() -> None:
    tokens, shop, _ = made(refresh="r1-canary")
    tokens.send(ASK)
    shop.end_access()
    assert status_of(tokens.send(PUSH)) == 200
    assert shop.sent.count(PUSH.path) == 3  # one before, one declined, one that arrived


def test_one_renewal_serves_all_who_wait() -> None:
    tokens, shop, _ = made(refresh="r1-canary")
    tokens.send(ASK)
    for _ in range(5):
        shop.end_access()
        before = shop.count("refresh")
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(tokens.send, [ASK] * 8))
        assert {status_of(found) for found in answers} == {200}
        assert shop.count("refresh") == before + 1


def test_a_wrong_password_is_tried_once_for_all_who_wait() -> None:
    tokens, shop, _ = made(username="anna", password="wrong-password")
    begin = threading.Barrier(8)

    def ask(request: Request) -> Answer:
        begin.wait()
        return tokens.send(request)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, [ASK] * 8))
    assert {status_of(found) for found in answers} == {401}
    assert shop.count("obtain") < 8


def test_a_second_401_is_the_answer() -> None:
    tokens, shop, _ = made(refresh="r1-canary")
    shop.instead = lambda request: None if request.purpose is Purpose.SIGN_IN else DENIED
    assert status_of(tokens.send(ASK)) == 401
    assert shop.sent.count(ASK.path) == 2


def test_a_dead_refresh_token_is_replaced_by_the_password() -> None:
    tokens, shop, safe = made(username="anna", password="right-password", refresh="old")
    assert status_of(tokens.send(ASK)) == 200
    assert (shop.count("refresh"), shop.count("obtain")) == (1, 1)
    assert read_sign_in(safe.secret).refresh == "r2-canary"


@pytest.mark.parametrize("parts", [{"refresh": "old"}, {"username": "anna"}, {}])
def test_without_anything_that_serves_the_answer_is_401_and_nothing_is_lost(parts: dict[str, str]) -> None:
    tokens, shop, safe = made(**parts)
    before = safe.secret
    assert status_of(tokens.send(PUSH)) == 401
    assert PUSH.path not in shop.sent, "the change itself never left"
    assert safe.secret == before
    safe.secret = with_password(safe.secret, "right-password")
    if parts.get("username"):
        assert status_of(tokens.send(PUSH)) == 200


def test_a_token_that_another_process_renewed_is_taken_from_the_store() -> None:
    tokens, shop, safe = made(refresh="r0")

    def renewed_meanwhile(request: Request) -> Answer | None:
        if b'"r0"' in (request.body or b""):
            safe.secret = SignIn(refresh="r1-canary").to_secret()
            return DENIED
        return None

    shop.instead = renewed_meanwhile
    assert status_of(tokens.send(ASK)) == 200
    assert (shop.count("refresh"), shop.count("obtain")) == (2, 0)


@pytest.mark.expects_log("renewed sign-in could not be stored")
def test_a_renewed_token_that_cannot_be_stored_serves_until_the_end_of_the_process() -> None:
    tokens, shop, safe = made(refresh="r1-canary")
    safe.broken = True
    for _ in range(3):
        assert status_of(tokens.send(ASK)) == 200
        shop.end_access()
    safe.broken = False
    assert status_of(tokens.send(ASK)) == 200
    assert read_sign_in(safe.secret).refresh == shop.refresh


def test_a_sign_in_of_the_environment_is_never_stored() -> None:
    safe = Safe()
    safe.secret = json.dumps({"username": "anna", "password": "right-password", "keep": False})
    shop = Shop(safe)
    tokens = TokenTransport(shop, safe)
    for _ in range(3):
        assert status_of(tokens.send(ASK)) == 200
        shop.end_access()
    assert [entry for entry in safe.log if entry.startswith("saved")] == []
    assert (shop.count("obtain"), shop.count("refresh")) == (1, 2)


# What the sign-in is answered with, and what the request's answer then is.
FAILURES: list[tuple[Answer, int | Trouble]] = [
    (NoReply(Trouble.UNKNOWN, "It took too long."), Trouble.NOT_SENT),
    (NoReply(Trouble.NOT_SENT, "Refused."), Trouble.NOT_SENT),
    (NoReply(Trouble.CERTIFICATE, "Expired."), Trouble.CERTIFICATE),
    (NoReply(Trouble.TOO_LARGE, "Too large."), Trouble.NOT_SENT),
    (answer({}, 400), 401),
    (answer({}, 403), 401),
    (answer({}, 404), Trouble.NOT_SENT),
    (answer({}, 405), Trouble.NOT_SENT),
    (answer({}, 429, retry_after="9"), 429),
    (answer({}, 500), 500),
    (answer({}, 503), 503),
    (answer(b"", 302), 302),
    (answer(b"<html>", 200), 200),
    (answer(b"{", 200), Trouble.NOT_SENT),
    (answer([], 200), Trouble.NOT_SENT),
    (answer({"access": 5}, 200), Trouble.NOT_SENT),
    (answer({"access": ""}, 200), Trouble.NOT_SENT),
    (answer({"access": "a\r\nHost: x"}, 200), Trouble.NOT_SENT),
    (answer({"access": "a" * 8_001}, 200), Trouble.NOT_SENT),
]


@pytest.mark.parametrize(("failure", "expected"), FAILURES)
def test_a_failed_renewal_is_never_taken_for_an_answer_about_the_order(
    failure: Answer, expected: int | Trouble
) -> None:
    tokens, shop, _ = made(username="anna", password="right-password")
    shop.instead = lambda request: failure if request.purpose is Purpose.SIGN_IN else None
    found = tokens.send(PUSH)
    assert (found.status if isinstance(found, Reply) else found.trouble) == expected
    assert PUSH.path not in shop.sent
    shop.instead = lambda request: None
    assert status_of(tokens.send(PUSH)) == 200


def test_signing_out_ends_the_refresh_token_if_there_is_one() -> None:
    tokens, shop, _ = made(username="anna", refresh="r1-canary")
    tokens.sign_out()
    assert shop.sent == ["api/token/blacklist/"]
    other, quiet, _ = made(username="anna", password="right-password")
    other.sign_out()
    other.close()
    assert (quiet.sent, quiet.closed) == ([], True)


def test_nothing_of_a_sign_in_shows() -> None:
    tokens, shop, safe = made(username="anna", password="right-password")
    tokens.send(ASK)
    sign_in = read_sign_in(safe.secret)
    hidden = (sign_in.password, sign_in.refresh, shop.access)
    shown = (
        redact(" ".join(hidden))
        + repr(sign_in)
        + repr(tokens)
        + repr(Request("POST", "x", Purpose.SIGN_IN, body=b"p"))
    )
    assert not any(secret in shown for secret in hidden)
    assert "b'p'" not in shown


@pytest.mark.parametrize("secret", [None, "", "a-key", "[]", '{"password": 5}', '"x"'])
def test_another_secret_holds_no_sign_in(secret: str | None) -> None:
    assert read_sign_in(secret) == SignIn()


def test_a_new_password_ends_the_old_refresh_token() -> None:
    secret = with_password(SignIn("anna", "old", "r1").to_secret(), "new-password")
    assert read_sign_in(secret) == SignIn("anna", "new-password")
