"""What a client still has is not sent again."""

from pathlib import Path

import pytest

from tests.web.served import Answer, Client, with_site


def again(root: Path, first: dict[str, str], **second: str) -> tuple[Answer, Answer]:
    """Two answers; `{etag}`, `{bare}` and `{date}` in the second question stand for what the first said."""

    async def both(client: Client) -> tuple[Answer, Answer]:
        known = await client.ask("/diplomacy.atom", **first)
        etag, date = known.headers["ETag"], known.headers["Last-Modified"]
        filled = {
            name: value.format(etag=etag, bare=etag.strip('"'), date=date) for name, value in second.items()
        }
        return known, await client.ask("/diplomacy.atom", **{**first, **filled})

    return with_site(root, both)


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
@pytest.mark.parametrize(
    "tags", ["{etag}", "W/{etag}", '"x", {etag}', 'W/"x,y" ,W/{etag}, "z"', "*", " {etag}", "{bare}"]
)
def test_a_known_etag_gets_a_304(root: Path, coding: str, tags: str) -> None:
    known, answer = again(root, {"Accept_Encoding": coding}, If_None_Match=tags)
    assert (answer.status, answer.body) == (304, b"")
    for name in ("ETag", "Last-Modified", "Cache-Control", "Vary", "Access-Control-Allow-Origin"):
        assert answer.headers[name] == known.headers[name]
    assert "Content-Type" not in answer.headers
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("tags", ['"other"', "", "nonsense", '"*"', '"{bare}x"', ",,,"])
def test_an_unknown_etag_gets_the_document(root: Path, tags: str) -> None:
    assert again(root, {}, If_None_Match=tags)[1].status == 200


def test_an_etag_decides_over_a_date(root: Path) -> None:
    assert again(root, {}, If_None_Match='"other"', If_Modified_Since="{date}")[1].status == 200
    old = "Mon, 01 Jan 1990 00:00:00 GMT"
    assert again(root, {}, If_None_Match="{etag}", If_Modified_Since=old)[1].status == 304


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("{date}", 304),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 304),
        ("Friday, 01-Jan-49 00:00:00 GMT", 304),
        ("Fri Jan  1 00:00:00 2100", 304),
        ("Mon, 01 Jan 1990 00:00:00 GMT", 200),
        ("yesterday", 200),
        ("", 200),
        ("Fri, 99 Jan 2100 99:00:00 GMT", 200),
        ("Fri, 01 Jan 99999999999 00:00:00 GMT", 200),
    ],
)
def test_a_date_is_compared(root: Path, since: str, status: int) -> None:
    assert again(root, {}, If_Modified_Since=since)[1].status == status


def test_a_client_keeps_the_coding_it_has_if_it_still_accepts_it(root: Path) -> None:
    known, answer = again(
        root, {"Accept_Encoding": "gzip"}, Accept_Encoding="gzip, br", If_None_Match="{etag}"
    )
    assert (answer.status, answer.headers["ETag"]) == (304, known.headers["ETag"])


def test_a_client_that_takes_another_coding_now_gets_the_document(root: Path) -> None:
    _, answer = again(root, {"Accept_Encoding": "gzip"}, Accept_Encoding="br", If_None_Match="{etag}")
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, "br")


def test_a_head_can_be_conditional(root: Path) -> None:
    async def head(client: Client) -> int:
        known = await client.ask("/diplomacy.atom")
        return (await client.ask("/diplomacy.atom", "HEAD", If_None_Match=known.headers["ETag"])).status

    assert with_site(root, head) == 304


def test_a_changed_document_is_sent_to_who_has_the_old_one(root: Path) -> None:
    async def changed(client: Client) -> Answer:
        known = await client.ask("/diplomacy.atom")
        (root / "diplomacy.atom").write_text("<feed/>")
        return await client.ask("/diplomacy.atom", If_None_Match=known.headers["ETag"])

    answer = with_site(root, changed)
    assert (answer.status, answer.body) == (200, b"<feed/>")


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize(
    ("tags", "status"),
    [
        ("{etag}", 200),
        ('"x", {etag}', 200),
        ("*", 200),
        ('"x"', 412),
        ("W/{etag}", 412),  # weak tags never match strongly
        ("", 412),
        ("nonsense", 412),
    ],
)
def test_a_document_that_is_wanted_only_as_it_was_known_is_that_or_a_412(
    root: Path, coding: str, tags: str, status: int
) -> None:
    assert again(root, {"Accept_Encoding": coding}, If_Match=tags)[1].status == status


@pytest.mark.parametrize(
    ("since", "status"),
    [("{date}", 200), ("Mon, 01 Jan 1990 00:00:00 GMT", 412), ("yesterday", 200), ("", 200)],
)
def test_a_document_that_is_wanted_only_unchanged_since_a_date(root: Path, since: str, status: int) -> None:
    assert again(root, {}, If_Unmodified_Since=since)[1].status == status


def test_tags_on_several_lines_are_one_list(root: Path) -> None:
    async def use(client: Client) -> bytes:
        etag = (await client.ask("/diplomacy.atom")).headers["ETag"]
        lines = f'If-None-Match: "x"\r\nIf-None-Match: {etag}\r\nIf-None-Match: "y"\r\n'
        request = f"GET /diplomacy.atom HTTP/1.1\r\nHost: x\r\n{lines}Connection: close\r\n\r\n"
        return await client.send(request.encode())

    assert with_site(root, use).startswith(b"HTTP/1.1 304 ")


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("OPTIONS * HTTP/1.1", 204),
        ("OPTIONS /diplomacy.atom HTTP/1.1", 204),
        ("OPTIONS /health HTTP/1.1", 204),
        ("OPTIONS /nowhere HTTP/1.1", 204),
        ("GET //diplomacy.atom HTTP/1.1", 200),
        ("GET ///diplomacy.atom HTTP/1.1", 200),
        ("GET //evil.example/diplomacy.atom HTTP/1.1", 404),
        ("GET //diplomacy HTTP/1.1", 404),
    ],
)
def test_odd_targets_are_answered_here_and_lead_nowhere_else(root: Path, line: str, status: int) -> None:
    async def use(client: Client) -> bytes:
        return await client.send(f"{line}\r\nHost: x\r\nConnection: close\r\n\r\n".encode())

    answer = with_site(root, use)
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"evil" not in answer.partition(b"\r\n\r\n")[0]
    assert b"Location: //" not in answer


def test_the_icon_that_every_browser_asks_for_is_there(root: Path) -> None:
    (root / "favicon.png").write_bytes(b"\x89PNG")

    async def use(client: Client) -> Answer:
        return await client.ask("/favicon.ico")

    answer = with_site(root, use)
    assert (answer.status, answer.body, answer.headers["Content-Type"]) == (200, b"\x89PNG", "image/png")
