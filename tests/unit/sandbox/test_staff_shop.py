"""The training shop of the staff API as a real process, asked by the real client of that API."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest

from posapp.domain.cart import cart_lines, cart_text
from posapp.domain.rules import from_column, rules_of
from posapp.domain.status import Status
from posapp.remote.api import FormatSettings, Outcome, Push, RemoteOrder, Transport, Verdict
from posapp.remote.connect import Given, connect
from posapp.remote.shopinfo import read_shop_info
from posapp.remote.staff import StaffFormat
from posapp.remote.tokens import SignIn, read_sign_in
from posapp.sandbox.process import SandboxProcess
from posapp.sandbox.staff_acts import THAMEL_ACTS
from posapp.sandbox.staff_script import OrderComes, staff_script
from tests.unit.remote.test_staff_edits import CASES

START = datetime(2026, 3, 6, 14, 10, tzinfo=UTC)
FORMAT = StaffFormat()
PEMA = "90001"


class Desk:
    """One client of the shop."""

    def __init__(self, sandbox: SandboxProcess) -> None:
        self.sandbox = sandbox
        self.safe = Given(SignIn(sandbox.username, sandbox.password).to_secret())
        self.transport: Transport = connect(FORMAT, sandbox.staff_url, self.safe)
        self.settings = FormatSettings("NPR", ZoneInfo("Asia/Kathmandu"), sandbox.staff_url)

    def read(self, remote_id: str = PEMA) -> RemoteOrder:
        answer = self.transport.send(FORMAT.order_request(remote_id))
        outcome = FORMAT.read_order(answer, self.settings, remote_id)
        assert outcome.order is not None, outcome.detail
        return outcome.order

    def push(self, wanted: Push, form: StaffFormat = FORMAT, raw: str = "") -> Outcome:
        request = form.update_request(PEMA, wanted, raw)
        assert not isinstance(request, Outcome), request.detail
        return form.read_update(self.transport.send(request), wanted)

    def listed(self) -> list[RemoteOrder]:
        found: list[RemoteOrder] = []
        request = FORMAT.list_request()
        while True:
            outcome = FORMAT.read_list(self.transport.send(request), self.settings)
            assert (outcome.verdict, outcome.bad_rows) == (Verdict.OK, ()), outcome
            found += outcome.orders
            if outcome.next_request is None:
                return found
            request = outcome.next_request

    def fields(self, name: str) -> Any:
        return next(order.fields for order in self.sandbox.state().staff_orders if order.name == name)


@pytest.fixture(scope="module")
def running() -> Iterator[Desk]:
    with SandboxProcess.start(seed=3, speed=0, control=True, start=START) as sandbox:
        sandbox.advance_to("bikash")
        desk = Desk(sandbox)
        yield desk
        desk.transport.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    with SandboxProcess.start(seed=3, speed=0, control=True, start=START) as sandbox:
        sandbox.advance_to("pema")
        found = Desk(sandbox)
        yield found
        found.transport.close()


def raw_ask(sandbox: SandboxProcess, method: str, path: str, body: Any = None, token: str = "") -> Any:
    connection = http.client.HTTPConnection(urlsplit(sandbox.staff_url).netloc, timeout=5)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def obtain(sandbox: SandboxProcess) -> dict[str, str]:
    names = {"username": sandbox.username, "password": sandbox.password}
    status, tokens = raw_ask(sandbox, "POST", "/api/token/obtain/", names)
    assert status == 200
    return dict(tokens)


# -------------------------------------------------------------------------------------------- tokens


def test_an_access_token_dies_after_minutes_and_a_refresh_token_at_its_use(desk: Desk) -> None:
    sandbox = desk.sandbox
    tokens = obtain(sandbox)
    path = "/apps/order/all/"
    assert raw_ask(sandbox, "GET", path, token=tokens["access"])[0] == 200
    sandbox.advance(5 * 60)
    status, words = raw_ask(sandbox, "GET", path, token=tokens["access"])
    assert (status, words["code"]) == (401, "token_not_valid")
    status, renewed = raw_ask(sandbox, "POST", "/api/token/refresh/", {"refresh": tokens["refresh"]})
    assert status == 200
    assert renewed["refresh"] != tokens["refresh"]
    assert raw_ask(sandbox, "GET", path, token=renewed["access"])[0] == 200
    again = raw_ask(sandbox, "POST", "/api/token/refresh/", {"refresh": tokens["refresh"]})
    assert again == (401, {"detail": "Token is invalid or expired", "code": "token_not_valid"})


def test_the_client_outlives_dead_tokens_and_keeps_the_newest(desk: Desk) -> None:
    desk.read()
    first = read_sign_in(desk.safe.load()).refresh
    desk.sandbox.advance(6 * 60)
    desk.read()
    second = read_sign_in(desk.safe.load()).refresh
    assert first != second
    desk.sandbox.advance(13 * 3600)  # the refresh token is dead too: the password holds
    assert desk.read().remote_id == PEMA


def test_who_does_not_sign_in_is_told_so(desk: Desk) -> None:
    sandbox = desk.sandbox
    assert raw_ask(sandbox, "GET", "/apps/order/all/") == (
        401,
        {"detail": "Authentication credentials were not provided."},
    )
    wrong = {"username": sandbox.username, "password": "guessed"}
    assert raw_ask(sandbox, "POST", "/api/token/obtain/", wrong) == (
        401,
        {"detail": "No active account found with the given credentials"},
    )
    assert raw_ask(sandbox, "POST", "/api/token/obtain/", {})[0] == 400
    assert raw_ask(sandbox, "POST", "/api/token/refresh/", {}) == (
        400,
        {"refresh": ["This field is required."]},
    )
    assert raw_ask(sandbox, "GET", "/api/token/obtain/")[0] == 405


def test_signing_out_ends_the_refresh_token(desk: Desk) -> None:
    refresh = {"refresh": obtain(desk.sandbox)["refresh"]}
    assert raw_ask(desk.sandbox, "POST", "/api/token/blacklist/", refresh) == (200, {})
    assert raw_ask(desk.sandbox, "POST", "/api/token/refresh/", refresh)[0] == 401


# -------------------------------------------------------------------------------------------- fields


@pytest.mark.parametrize(("name", "text"), CASES)
def test_every_field_is_taken_up_to_its_bounds(name: str, text: str, running: Desk) -> None:
    if name == "district":
        text = "Lalitpur"  # the others are valid names, but not served
    outcome = running.push(Push(fields={name: text}))
    assert (outcome.verdict, outcome.verified) == (Verdict.OK, True), outcome
    rule = rules_of("staff")[name]
    assert from_column(rule, getattr(running.read(), rule.column)) == text


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("name", "", "This field may not be blank."),
        ("name", "n" * 101, "Ensure this field has no more than 100 characters."),
        ("phone", "9" * 21, "Ensure this field has no more than 20 characters."),
        ("email", "somebody", "Enter a valid email address."),
        ("email", "a" * 251 + "@b.np", "Ensure this field has no more than 255 characters."),
        ("street", "s" * 251, "Ensure this field has no more than 250 characters."),
        ("addressline", "l" * 101, "Ensure this field has no more than 100 characters."),
        ("addressline", "", "This field may not be null."),
        ("city", "c" * 51, "Ensure this field has no more than 50 characters."),
        ("district", "Atlantis", '"Atlantis" is not a valid choice.'),
        ("district", "Nuwakot", "District is not served by Mamma Pizza."),
        ("shipping_cost", "-1", "Ensure this value is greater than or equal to 0."),
        ("delivery_class", "3", "Ensure this value is less than or equal to 2."),
        ("payment_status", "2", '"2" is not a valid choice.'),
        ("payment_method", "1", '"1" is not a valid choice.'),
        ("c_name", "a" * 181, "Ensure this field has no more than 180 characters."),
        ("c_email", "somebody", "Enter a valid email address."),
        ("payment_date", "soon", "Datetime has wrong format."),
    ],
)
def test_one_beyond_is_refused_and_nothing_is_stored(name: str, text: str, words: str, running: Desk) -> None:
    before = running.fields("pema")
    outcome = running.push(Push(fields={name: text, "country": "Elsewhere"}))
    assert outcome.verdict is Verdict.REFUSED
    assert set(outcome.fields) == {name}
    assert outcome.fields[name].startswith(words)
    assert running.fields("pema") == before


@pytest.mark.parametrize(
    ("status", "pair"), [("accepted", (1, 0)), ("ondelivery", (2, 1)), ("cancelled", (4, 1))]
)
def test_statuses_are_taken(status: str, pair: tuple[int, int], running: Desk) -> None:
    assert running.push(Push(status)).verified
    fields = running.fields("pema")
    assert (fields["order_status"], fields["delivery_status"]) == pair


def test_a_put_wants_the_whole_order_and_the_carts_number(desk: Desk) -> None:
    token = obtain(desk.sandbox)["access"]
    status, errors = raw_ask(desk.sandbox, "PUT", f"/apps/order/{PEMA}/", {"city": "Patan"}, token)
    assert status == 400
    assert set(errors) == {"name", "email", "street", "district", "cart"}
    assert all(words == ["This field is required."] for words in errors.values())
    # The number is told with the answer to a cart, and nowhere else.
    order = desk.read()
    lines = {"products": json.loads(cart_text(order.lines))}
    _, cart = raw_ask(desk.sandbox, "PUT", f"/apps/order/{PEMA}/cart/", lines, token)
    push = Push("accepted", cart_id=str(cart["id"]))
    whole = StaffFormat("put")
    assert desk.push(push, whole, order.raw).verified
    assert desk.push(Push("cooking", cart_id="5"), whole, order.raw).fields == {
        "cart": 'Invalid pk "5" - object does not exist.'
    }
    assert desk.read().status is Status.ACCEPTED


def test_the_lines_are_replaced_at_the_shops_prices(desk: Desk) -> None:
    order = desk.read()
    assert (order.lines[0].title, order.lines[0].quantity) == ("Buff momo (10 pcs)", 3)
    fewer = cart_lines(cart_text(order.lines).replace('"quantity":3', '"quantity":2'))[:2]
    assert desk.push(Push(fields={"cart": cart_text(fewer)})).verified
    after = desk.read()
    assert [(line.quantity, line.total) for line in after.lines] == [
        (2, Decimal("576.0")),
        (2, Decimal("700.0")),
    ]
    assert (after.products_total, after.total) == ("1276.0", "1401.0")


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("buff-momo", "dal-bhat", "cart.0.product", "Invalid hyperlink - Object does not exist."),
        ('"quantity":3', '"quantity":0', "cart.0.quantity", "Ensure this value is greater"),
        ("Buff momo (10 pcs)", "", "cart.0.p_name", "This field may not be blank."),
    ],
)
def test_a_line_that_cannot_be_is_named(desk: Desk, old: str, new: str, field: str, words: str) -> None:
    before = desk.read()
    text = cart_text(before.lines)
    assert old in text
    outcome = desk.push(Push(fields={"cart": text.replace(old, new)}))
    assert outcome.verdict is Verdict.REFUSED
    assert set(outcome.fields) == {field}
    assert outcome.fields[field].startswith(words)
    assert desk.read() == before


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/apps/order/1/", None, 404),
        ("PATCH", "/apps/order/1/", {"city": "Patan"}, 404),
        ("DELETE", f"/apps/order/{PEMA}/", None, 405),
        ("GET", f"/apps/order/{PEMA}/cart/", None, 405),
        ("POST", "/apps/product/", {}, 405),
        ("GET", "/apps/order/all/?page=9", None, 404),
        ("GET", "/apps/order/all/?page=x", None, 404),
        ("GET", "/apps/nothing/", None, 404),
        ("PATCH", f"/apps/order/{PEMA}/", [], 400),
        ("PATCH", f"/apps/order/{PEMA}/cart/", {}, 400),
        ("PATCH", f"/apps/order/{PEMA}/cart/", {"products": []}, 400),
        ("PATCH", f"/apps/order/{PEMA}/cart/", {"products": [5]}, 400),
    ],
)
def test_wrong_requests_get_an_error(running: Desk, method: str, path: str, body: Any, status: int) -> None:
    token = obtain(running.sandbox)["access"]
    assert raw_ask(running.sandbox, method, path, body, token)[0] == status


# --------------------------------------------------------------------------------------------- the day


def test_the_list_goes_on_over_pages_and_every_order_makes_sense() -> None:
    with SandboxProcess.start(seed=3, speed=0, control=True, start=START) as sandbox:
        sandbox.advance(5 * 3600)
        desk = Desk(sandbox)
        orders = desk.listed()
        desk.transport.close()
    assert len(orders) > 40
    assert len({order.code for order in orders}) == len(orders)
    assert [order.code for order in orders][:6] == ["2103", "2104", "2105", "2106", "2107", "2108"]
    for order in orders:
        assert order.status is Status.CREATED
        assert order.lines
        assert order.total == f"{Decimal(order.products_total) + Decimal(order.delivery_cost):f}"
    sunita = orders[4]
    assert (sunita.customer_name, sunita.total) == ("सुनिता श्रेष्ठ", "1405.0")
    assert sunita.created_at == START.replace(minute=35, second=40)


def test_a_colleague_saves_fields_while_the_line_is_down(desk: Desk) -> None:
    desk.sandbox.advance_to("bikash-gate")
    assert desk.fields("bikash")["addressline"] == "Gate 3, ring twice"
    with pytest.raises(ConnectionRefusedError):
        raw_ask(desk.sandbox, "GET", "/apps/info/districts/")
    assert "ramesh-moved" in desk.sandbox.advance_to("outage-over").happened
    assert desk.read("90003").street == "महाराजगञ्ज (Maharajgunj) 5"


def test_the_shop_tells_what_is_around_its_orders(running: Desk) -> None:
    info = read_shop_info(running.transport, running.settings)
    assert (info.problems, info.skipped) == ((), 0)
    assert (len(info.districts), sum(item.deliverable for item in info.districts)) == (77, 4)
    assert info.shipping_cost("Lalitpur", 1) == Decimal(210)
    assert info.shipping_cost("Nuwakot", 0) is None
    momo = next(item for item in info.products if item.slug == "chicken-momo")
    assert [momo.price, momo.final_cost, info.tax_percent(momo)] == [Decimal(400), Decimal(320), Decimal(13)]


@pytest.mark.parametrize("seed", range(3))
def test_the_day_follows_from_seed_and_start(seed: int) -> None:
    events = staff_script(seed, START)
    assert events == staff_script(seed, START)
    assert events != staff_script(seed + 1, START)
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert len({event.name for event in events}) == len(events)
    came = {event.name: event.at for event in events if isinstance(event, OrderComes)}
    assert len(came) > 50
    assert all(START + act.at > came[act.order] for act in THAMEL_ACTS)
    assert [act.at for act in THAMEL_ACTS] == sorted(act.at for act in THAMEL_ACTS)
    saved = [event for event in events if not isinstance(event, OrderComes)]
    assert len(saved) > 4
    assert all(event.at > came[event.order] for event in saved)
