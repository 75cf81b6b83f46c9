"""The transport against real sockets: what reached the remote, what came back, and what is never told."""

from __future__ import annotations

import gzip
import logging
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from posapp import __version__
from posapp.domain.errors import UsageError
from posapp.remote.api import Answer, NoReply, Purpose, Reply, Request, Timeouts, Trouble
from posapp.remote.transport import HttpTransport
from tests.support.certificates import Authority
from tests.support.raw_server import Act, RawServer, Script, Step, ok

KEY = "canary-key-93417"
GET = Request("GET", "/internal_api/orders.json", Purpose.LIST, limit=1_000_000)
PUT = Request("PUT", "/internal_api/orders/a1.json", Purpose.UPDATE, body=b'{"order":{"status":"accepted"}}')

Open = Callable[..., HttpTransport]


@pytest.fixture
def open_transport() -> Iterator[Open]:
    opened: list[HttpTransport] = []

    def make(url: str, **options: object) -> HttpTransport:
        transport = HttpTransport(url, {"Api-Key": KEY}, **options)  # type: ignore[arg-type]
        opened.append(transport)
        return transport

    yield make
    for transport in opened:
        transport.close()


def reply(answer: Answer) -> Reply:
    assert isinstance(answer, Reply), answer
    return answer


def trouble(answer: Answer) -> Trouble:
    assert isinstance(answer, NoReply), answer
    assert KEY not in answer.detail
    assert answer.detail.endswith(".")
    return answer.trouble


def test_a_read_carries_the_key_and_brings_back_status_headers_and_body(open_transport: Open) -> None:
    with RawServer([ok(b'{"orders": []}', "X-Thing: 1", "X-Thing: 2")]) as server:
        answer = reply(open_transport(server.url + "/shop/").send(GET))
        assert (answer.status, answer.body) == (200, b'{"orders": []}')
        assert answer.headers["x-thing"] == "1, 2"
        head = server.requests[0].decode()
    assert head.startswith("GET /shop/internal_api/orders.json HTTP/1.1\r\n")
    assert f"Api-Key: {KEY}\r\n" in head
    assert f"User-Agent: posapp/{__version__}\r\n" in head


def test_a_write_sends_its_body_as_json(open_transport: Open) -> None:
    with RawServer() as server:
        reply(open_transport(server.url).send(PUT))
        head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert body == PUT.body
    assert b"Content-Type: application/json" in head


def test_a_kept_connection_is_used_again(open_transport: Open) -> None:
    with RawServer() as server:
        transport = open_transport(server.url)
        for _ in range(3):
            reply(transport.send(GET))
        assert (len(server.requests), server.connections) == (3, 1)


def test_a_redirect_is_an_answer_and_is_not_followed(open_transport: Open) -> None:
    with RawServer() as other, RawServer([ok(b"", f"Location: {other.url}/", status="302 Found")]) as server:
        assert reply(open_transport(server.url).send(GET)).status == 302
        assert other.requests == []


def test_proxies_of_the_environment_are_not_used(
    open_transport: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    with RawServer() as proxy, RawServer() as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
            monkeypatch.setenv(name, proxy.url)
        reply(open_transport(server.url).send(GET))
        assert (proxy.connections, len(server.requests)) == (0, 1)


# ------------------------------------------------------------------------------- nothing was sent


def test_a_refused_connection_sent_nothing(open_transport: Open) -> None:
    with RawServer() as server:
        url = server.url
    answer = open_transport(url).send(PUT)
    assert trouble(answer) is Trouble.NOT_SENT
    assert isinstance(answer, NoReply)
    assert answer.detail == "localhost could not be reached: it refuses connections."


def test_an_unknown_name_sent_nothing(open_transport: Open) -> None:
    assert trouble(open_transport("https://shop.invalid").send(PUT)) is Trouble.NOT_SENT


def test_a_connect_timeout_sent_nothing(open_transport: Open) -> None:
    # A full backlog leaves further connections waiting for their handshake.
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        fillers = []
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
            fillers.append(filler)
        try:
            answer = open_transport(f"http://127.0.0.1:{port}", connect_timeout=0.3).send(PUT)
        finally:
            for filler in fillers:
                filler.close()
    assert trouble(answer) is Trouble.NOT_SENT


def test_a_request_that_finds_no_free_connection_in_time_sent_nothing(open_transport: Open) -> None:
    with RawServer([Act.HOLD]) as server:
        transport = open_transport(server.url, pool_size=1, total_timeout=0.6)
        first = threading.Thread(target=transport.send, args=(GET,))
        first.start()
        while not server.requests:
            time.sleep(0.01)
        transport._client._timeouts = Timeouts(5, 15, 0.2)  # type: ignore[union-attr]
        assert trouble(transport.send(PUT)) is Trouble.NOT_SENT
        first.join()
        assert len(server.requests) == 1


def test_requests_wait_for_a_free_connection_of_the_pool(open_transport: Open) -> None:
    with RawServer([0.1, ok()]) as server:
        transport = open_transport(server.url, pool_size=2)
        answers: list[Answer] = []
        threads = [threading.Thread(target=lambda: answers.append(transport.send(GET))) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [reply(answer).status for answer in answers] == [200] * 6
        assert server.connections <= 2


# ------------------------------------------------------------------------------- it may have been processed

CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    "script",
    [
        pytest.param([Act.CLOSE], id="closed before the answer"),
        pytest.param([Act.RESET], id="reset before the answer"),
        pytest.param([CUT, Act.CLOSE], id="body cut"),
        pytest.param([CUT, Act.RESET], id="body reset"),
        pytest.param([CHUNKED + b"5\r\n{", Act.CLOSE], id="chunk cut"),
        pytest.param([CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n", Act.CLOSE], id="chunk size is no number"),
        pytest.param([CHUNKED + b"-5\r\n{}\r\n0\r\n\r\n", Act.CLOSE], id="chunk size is negative"),
        pytest.param([CHUNKED + b"1" * 200_000, Act.CLOSE], id="endless chunk size"),
        pytest.param([b"SSH-2.0-OpenSSH_9.6\r\n", Act.CLOSE], id="not http"),
        pytest.param([b"HTTP/1.1 abc OK\r\n\r\n", Act.CLOSE], id="status is no number"),
        pytest.param([b"\x00\xff\xfe" * 100, Act.CLOSE], id="noise"),
        pytest.param(
            [b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n", Act.CLOSE], id="endless line"
        ),
        pytest.param([b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500 + b"\r\n", Act.CLOSE], id="500 headers"),
        pytest.param([b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n{}", Act.CLOSE], id="two lengths"),
        pytest.param([ok(b"\x1f\x8bnonsense", "Content-Encoding: gzip")], id="gzip that is none"),
    ],
)
def test_a_write_with_a_broken_answer_is_unknown_and_is_sent_once(
    script: Script, open_transport: Open
) -> None:
    with RawServer(script) as server:
        assert trouble(open_transport(server.url).send(PUT)) is Trouble.UNKNOWN
        assert len(server.requests) == 1


def test_a_read_timeout_is_unknown(open_transport: Open) -> None:
    with RawServer([Act.HOLD]) as server:
        started = time.monotonic()
        answer = open_transport(server.url, read_timeout=0.2).send(PUT)
        assert trouble(answer) is Trouble.UNKNOWN
        assert time.monotonic() - started < 3
        assert isinstance(answer, NoReply)
        assert answer.detail == "No whole answer came from localhost: it took too long."


DRIP: list[Step] = [b"x", 0.05] * 200
DRIP_BODY: Script = [b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", *DRIP]
DRIP_HEAD: Script = [b"HTTP/1.1 200 OK\r\nX-Slow: ", *DRIP]
DRIP_CONTINUE: Script = [b"HTTP/1.1 100 Continue\r\n\r\n", 0.05] * 200


@pytest.mark.parametrize("script", [DRIP_BODY, DRIP_HEAD, DRIP_CONTINUE], ids=["body", "head", "continue"])
@pytest.mark.parametrize("secure", [False, True], ids=["plain", "tls"])
def test_a_drip_fed_answer_ends_at_the_total_time(
    script: Script, secure: bool, open_transport: Open, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    with RawServer(script, tls=authority.server() if secure else None) as server:
        transport = open_transport(
            server.url, read_timeout=0.3, total_timeout=0.6, ca_file=authority.ca_file if secure else None
        )
        started = time.monotonic()
        assert trouble(transport.send(GET)) is Trouble.UNKNOWN
        assert time.monotonic() - started < 2.5


def test_a_kept_connection_that_the_remote_closed_is_read_again_but_not_written_again(
    open_transport: Open,
) -> None:
    # The close comes as the answer to the second request: the client could not have known.
    with RawServer([ok()], [Act.CLOSE], [ok()]) as server:
        transport = open_transport(server.url)
        reply(transport.send(GET))
        assert reply(transport.send(GET)).status == 200
        assert len(server.requests) == 3
    with RawServer([ok()], [Act.CLOSE], [ok()]) as server:
        transport = open_transport(server.url)
        reply(transport.send(GET))
        assert trouble(transport.send(PUT)) is Trouble.UNKNOWN
        assert len(server.requests) == 2


def test_a_read_on_a_new_connection_is_not_repeated(open_transport: Open) -> None:
    with RawServer([Act.CLOSE]) as server:
        assert trouble(open_transport(server.url).send(GET)) is Trouble.UNKNOWN
        assert len(server.requests) == 1


def test_after_trouble_the_next_request_works(open_transport: Open) -> None:
    with RawServer([Act.RESET], [CUT, Act.CLOSE], [ok()]) as server:
        transport = open_transport(server.url, pool_size=1)
        assert trouble(transport.send(PUT)) is Trouble.UNKNOWN
        assert trouble(transport.send(PUT)) is Trouble.UNKNOWN
        assert reply(transport.send(PUT)).status == 200


# ------------------------------------------------------------------------------- size


def test_a_declared_length_over_the_cap_is_not_read(open_transport: Open) -> None:
    huge = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"
    with RawServer([huge, Act.HOLD], [ok()]) as server:
        transport = open_transport(server.url, pool_size=1)
        assert trouble(transport.send(GET)) is Trouble.TOO_LARGE
        assert reply(transport.send(GET)).status == 200


def test_a_body_of_exactly_the_cap_is_read_and_one_more_byte_is_not(open_transport: Open) -> None:
    body = b"x" * 200_000
    chunked = CHUNKED + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    with RawServer([ok(body)], [chunked], [chunked], [ok(body)]) as server:
        transport = open_transport(server.url, pool_size=1)
        exact = Request("GET", "a.json", Purpose.LIST, limit=200_000)
        short = Request("GET", "a.json", Purpose.LIST, limit=199_999)
        assert reply(transport.send(exact)).body == body
        assert reply(transport.send(exact)).body == body
        assert trouble(transport.send(short)) is Trouble.TOO_LARGE
        assert trouble(transport.send(short)) is Trouble.TOO_LARGE


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_packed_answers_are_unpacked_within_the_cap(encoding: str, open_transport: Open) -> None:
    pack = gzip.compress if encoding == "gzip" else zlib.compress
    small, bomb = pack(b'{"orders": []}'), pack(b"\0" * 50_000_000)
    assert len(bomb) < 100_000
    header = f"Content-Encoding: {encoding}"
    with RawServer([ok(small, header)], [ok(bomb, header)]) as server:
        transport = open_transport(server.url)
        assert reply(transport.send(GET)).body == b'{"orders": []}'
        assert trouble(transport.send(GET)) is Trouble.TOO_LARGE


# ------------------------------------------------------------------------------- TLS


def test_a_server_of_an_own_authority_is_trusted_with_its_file_only(
    open_transport: Open, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    with RawServer(tls=authority.server()) as server:
        assert reply(open_transport(server.url, ca_file=authority.ca_file).send(PUT)).status == 200
        answer = open_transport(server.url).send(PUT)
        assert trouble(answer) is Trouble.CERTIFICATE
        assert len(server.requests) == 1
    assert isinstance(answer, NoReply)
    assert "somebody whom this computer does not know" in answer.detail


@pytest.mark.parametrize(
    ("papers", "words"),
    [
        ({"begins": -30, "ends": -1}, "has expired: check the clock of this computer"),
        ({"begins": 1, "ends": 30}, "is not valid yet: check the clock of this computer"),
        ({"name": "other.example"}, "is not for localhost"),
    ],
)
def test_a_bad_certificate_is_told_and_nothing_is_sent(
    papers: dict[str, int | str], words: str, open_transport: Open, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    with RawServer(tls=authority.server(**papers)) as server:  # type: ignore[arg-type]
        answer = open_transport(server.url, ca_file=authority.ca_file).send(PUT)
        assert trouble(answer) is Trouble.CERTIFICATE
        assert isinstance(answer, NoReply)
        assert words in answer.detail
        assert server.requests == []


def test_a_failed_handshake_sent_nothing(open_transport: Open) -> None:
    with RawServer(greeting=b"220 mail.example ESMTP\r\n") as server:
        answer = open_transport(server.url.replace("http:", "https:")).send(PUT)
    assert trouble(answer) is Trouble.NOT_SENT


def test_a_hanging_handshake_ends_and_sent_nothing(open_transport: Open) -> None:
    with RawServer([Act.HOLD]) as server:
        url = server.url.replace("http:", "https:")
        answer = open_transport(url, connect_timeout=0.3).send(PUT)
    assert trouble(answer) is Trouble.NOT_SENT


def test_a_connection_cut_under_tls_is_unknown(open_transport: Open, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with RawServer([CUT, Act.RESET], tls=authority.server()) as server:
        answer = open_transport(server.url, ca_file=authority.ca_file).send(PUT)
    assert trouble(answer) is Trouble.UNKNOWN


def test_a_certificate_file_that_cannot_be_used_is_told_at_once(tmp_path: Path) -> None:
    empty = tmp_path / "ca.pem"
    empty.write_text("nothing")
    for path in (empty, tmp_path / "missing.pem"):
        with pytest.raises(UsageError, match="cannot be used"):
            HttpTransport("https://shop.example", {}, ca_file=path)


def test_tls_passes_through_a_proxy_that_never_sees_the_key(open_transport: Open, tmp_path: Path) -> None:
    refusal = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    with RawServer([refusal, Act.CLOSE]) as proxy:
        transport = open_transport("https://shop.example", proxy=f"http://127.0.0.1:{proxy.port}")
        answer = transport.send(PUT)
        assert trouble(answer) is Trouble.NOT_SENT
        assert proxy.requests[0].startswith(b"CONNECT shop.example:443 HTTP/1.")
        assert KEY.encode() not in proxy.requests[0]


# ------------------------------------------------------------------------------- closing


def test_closing_ends_the_waiting_at_once(open_transport: Open) -> None:
    with RawServer([Act.HOLD]) as server:
        transport = open_transport(server.url)
        answers: list[Answer] = []
        thread = threading.Thread(target=lambda: answers.append(transport.send(PUT)))
        thread.start()
        while not server.requests:
            time.sleep(0.01)
        started = time.monotonic()
        transport.close()
        thread.join(5)
        assert time.monotonic() - started < 2
        assert trouble(answers[0]) is Trouble.UNKNOWN
        assert trouble(transport.send(PUT)) is Trouble.NOT_SENT
        assert len(server.requests) == 1


def test_closing_ends_a_request_that_is_only_just_leaving(open_transport: Open) -> None:
    with RawServer([Act.HOLD]) as server:
        for step in range(40):
            transport = open_transport(server.url)
            thread = threading.Thread(target=transport.send, args=(PUT,))
            thread.start()
            time.sleep(step * 0.0002)
            transport.close()
            thread.join(2)
            assert not thread.is_alive(), f"it still waits after {step}"


# ------------------------------------------------------------------------------- addresses, headers, secrets


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example",
        "ftp://shop.example",
        "http://shop.example",
        "http://127.0.0.1.example.com",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "https://",
        "https://user@shop.example",
        "https://user:pw@shop.example",
        "https://shop.example?x=1",
        "https://shop.example#x",
        "https://shop.example/?",
        "https://shop.example/../x",
        "https://shop.example/a b",
        "https://shop.example\\@evil.example",
        "https://shop.example\r\nX: y",
        "https://shop.example:99999",
        "https://shop.example:0",
        "https://shop.example:port",
        "https://[::1",
        "https://-.example",
        "file:///etc/passwd",
        "https://shop..example",
    ],
)
def test_an_address_that_is_not_a_remotes_is_refused(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        HttpTransport(url, {})
    assert refused.value.fields["base_url"]


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example",
        "https://shop.example:8443/pos/",
        "https://SHOP.example",
        "https://доставка.example",
        "https://192.168.1.5",
        "https://[fd00::5]:8443",
        "http://localhost:8080",
        "http://127.0.0.5",
        "http://[::1]:9000",
    ],
)
def test_good_addresses_are_taken(url: str) -> None:
    assert repr(HttpTransport(url, {})).startswith("HttpTransport(http")


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "//evil.example/x",
        "https://evil.example/",
        "/a/../b",
        "/..",
        "/a b",
        "/a\r\nX: y",
        "/a?b c",
        "/ä",
    ],
)
def test_a_path_that_leads_elsewhere_is_never_sent(path: str, open_transport: Open) -> None:
    with RawServer() as server:
        with pytest.raises(ValueError, match="does not belong"):
            open_transport(server.url).send(Request("GET", path, Purpose.ORDER))
        assert server.connections == 0


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\n", "", " a", "ключ", "a\0b"])
def test_a_key_that_could_smuggle_a_header_is_refused_without_showing_it(value: str) -> None:
    with pytest.raises(UsageError) as refused:
        HttpTransport("https://shop.example", {"Api-Key": value})
    assert len(value) < 3 or value not in str(refused.value)


def test_the_key_is_in_no_log_no_repr_and_no_exception(
    open_transport: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with RawServer([ok()], [Act.RESET], [b"nonsense", Act.CLOSE]) as server:
        transport = open_transport(server.url)
        answers = [transport.send(PUT) for _ in range(3)]
    shown = caplog.text + repr(transport) + repr(answers) + repr(PUT)
    assert KEY not in shown
    assert "PUT /internal_api/orders/a1.json: 200, " in caplog.text


def test_importing_the_transport_does_not_load_the_http_library() -> None:
    code = "import posapp.remote.transport, sys; sys.exit('urllib3' in sys.modules or 'ssl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
