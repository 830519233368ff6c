from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from aggregator.errors import AggregatorError
from aggregator.web import hub as web_hub
from aggregator.websub.hub import Refusal
from tests.web.served import Answer, Client, with_site

FORM = "application/x-www-form-urlencoded"


@dataclass
class Desk:
    """Remembers who asked what."""

    refusal: Refusal | None = None
    open: bool = True
    broken: bool = False
    asked: list[tuple[list[tuple[str, str]], str]] = field(default_factory=list)

    def is_open(self) -> bool:
        return self.open

    def link(self, path: str) -> str:
        return f'<https://wire.example.org/{path}>; rel="self"' if path == "diplomacy.atom" else ""

    def ask(self, form: Sequence[tuple[str, str]], asker: str) -> Refusal | None:
        if self.broken:
            raise AggregatorError("the disk is full")
        self.asked.append((list(form), asker))
        return self.refusal


def post(root: Path, desk: Desk, body: bytes, kind: str = FORM, **headers: str) -> Answer:
    async def use(client: Client) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()} | {"Content-Type": kind}
        url = f"http://127.0.0.1:{client.port}/hub"
        async with client.session.post(url, data=body, headers=sent) as response:
            return Answer(response.status, response.headers, await response.read())

    return with_site(root, use, hub=desk)


def ask(root: Path, desk: Desk, path: str = "/hub", method: str = "GET") -> Answer:
    return with_site(root, lambda client: client.ask(path, method), hub=desk)


def test_a_form_is_handed_on_as_it_was_sent_and_accepted(root: Path) -> None:
    desk = Desk()
    answer = post(
        root,
        desk,
        b"hub.mode=subscribe&hub.secret=&hub.topic=https%3A%2F%2Fa%2F%C3%BC",
        FORM + "; charset=utf-8",
    )
    assert (answer.status, answer.headers["Cache-Control"]) == (202, "no-store")
    form = [("hub.mode", "subscribe"), ("hub.secret", ""), ("hub.topic", "https://a/ü")]
    assert desk.asked == [(form, "127.0.0.1")]


def test_a_refusal_is_one_plain_sentence(root: Path) -> None:
    answer = post(root, Desk(Refusal(404, "There is no such feed.")), b"hub.mode=subscribe")
    assert (answer.status, answer.body) == (404, b"There is no such feed.\n")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"hub.mode=subscribe", "multipart/form-data; boundary=x", 415),
        (b"hub.mode=%FF", FORM, 400),
        (b"hub.mode=\xff", FORM, 400),
        (b"&".join(b"a=1" for _ in range(51)), FORM, 400),
        (b"hub.mode=" + b"x" * 16 * 1024, FORM, 413),
    ],
)
def test_what_is_no_small_form_is_refused(root: Path, body: bytes, kind: str, status: int) -> None:
    desk = Desk()
    answer = post(root, desk, body, kind)
    assert (answer.status, desk.asked) == (status, [])
    assert answer.body.endswith(b".\n")


def test_a_request_without_end_is_cut_off(root: Path) -> None:
    head = b"POST /hub HTTP/1.1\r\nHost: x\r\nContent-Type: " + FORM.encode()
    chunk = b"1000\r\n" + b"a" * 4096 + b"\r\n"

    async def use(client: Client) -> bytes:
        return await client.send(head + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk * 6)

    assert with_site(root, use, hub=Desk()).startswith(b"HTTP/1.1 413 ")


def test_a_request_that_does_not_arrive_is_given_up(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_hub, "PATIENCE", 0.05)
    head = b"POST /hub HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nContent-Type: " + FORM.encode()
    said = with_site(root, lambda client: client.send(head + b"\r\n\r\nhub"), hub=Desk())
    assert said.startswith(b"HTTP/1.1 408 ")


def test_who_asks_too_often_is_told_to_wait(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_hub, "PER_MINUTE", 2)

    async def use(client: Client) -> list[int]:
        url, kind = f"http://127.0.0.1:{client.port}/hub", {"Content-Type": FORM}
        statuses = []
        for asker in ("192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2"):
            named = kind | {"X-Forwarded-For": asker}
            async with client.session.post(url, data=b"a=1", headers=named) as response:
                statuses.append(response.status)
        return statuses

    assert with_site(root, use, hub=Desk()) == [202, 202, 429, 202]


def test_a_store_that_fails_is_a_busy_hub(root: Path) -> None:
    answer = post(root, Desk(broken=True), b"hub.mode=subscribe")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")


@pytest.mark.parametrize(
    ("named", "asker"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("10.0.0.1, 192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unknown", "127.0.0.1"),
    ],
)
def test_behind_a_proxy_of_this_machine_the_asker_is_whom_the_proxy_names(
    root: Path, named: str, asker: str
) -> None:
    desk = Desk()
    post(root, desk, b"a=1", X_Forwarded_For=named)
    assert [who for _, who in desk.asked] == [asker]


def test_a_person_is_told_what_this_is(root: Path) -> None:
    page, head = ask(root, Desk()), ask(root, Desk(), method="HEAD")
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert b"WebSub" in page.body
    assert (head.status, head.body) == (200, b"")


def test_other_methods_are_named(root: Path) -> None:
    assert ask(root, Desk(), method="OPTIONS").headers["Allow"] == "GET, HEAD, POST, OPTIONS"
    refused = ask(root, Desk(), method="PUT")
    assert (refused.status, refused.headers["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")


def test_where_there_is_no_hub_there_is_nothing(root: Path) -> None:
    desk = Desk(open=False)
    assert ask(root, desk).status == 404
    assert (post(root, desk, b"a=1").status, desk.asked) == (404, [])


def test_many_requests_at_once_are_bounded(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_hub, "MOST_WAITING", 0)
    assert post(root, Desk(), b"a=1").status == 503


def test_a_feed_names_its_hub_in_its_link_header_and_a_page_does_not(root: Path) -> None:
    feed = ask(root, Desk(), "/diplomacy.atom")
    assert feed.headers["Link"] == '<https://wire.example.org/diplomacy.atom>; rel="self"'
    assert "Link" not in ask(root, Desk(), "/diplomacy.html").headers
