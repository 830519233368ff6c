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
