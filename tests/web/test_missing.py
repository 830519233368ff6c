"""What is not there, must not be seen, or went elsewhere."""

from pathlib import Path

import pytest

from tests.web.served import Answer, Client, ask, with_site

HIDDEN = """
    /nothing.atom /README.md /.diplomacy.atom.tmp /diplomacy.atom.gz /sources/ /../secret.atom
    /%2e%2e/secret.atom /..%2fsecret.atom /sources/../../secret.atom /sources/..%5c..%5csecret.atom
    /diplomacy.atom%00 /%00 //secret.atom /./diplomacy.atom /diplomacy%2earchive /diplomacy.atom%2f
    /etc/passwd /%ff%fe
""".split()


@pytest.mark.parametrize("path", HIDDEN)
def test_what_was_not_published_is_404(root: Path, path: str) -> None:
    answer = ask(root, path)
    assert answer.status == 404
    assert b"secret" not in answer.body
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_an_encoded_letter_is_that_letter(root: Path) -> None:
    assert ask(root, "/%64iplomacy.atom").status == 200


def test_an_address_never_comes_back_in_a_page(root: Path) -> None:
    assert b"alert" not in ask(root, "/<script>alert(1)</script>").body


def test_a_link_out_of_the_folder_is_not_followed(root: Path) -> None:
    (root / "out.atom").symlink_to(root.parent / "secret.atom")
    (root / "folder").symlink_to(root.parent)
    (root / "circle.atom").symlink_to(root / "circle.atom")
    (root / "inside.atom").symlink_to(root / "diplomacy.atom")
    for path in ("/out.atom", "/folder/secret.atom", "/circle.atom"):
        assert ask(root, path).status == 404
    assert ask(root, "/inside.atom").status == 200


def test_a_folder_named_like_a_document_is_not_there(root: Path) -> None:
    (root / "odd.atom").mkdir()
    assert ask(root, "/odd.atom").status == 404


def test_a_document_taken_away_is_gone_at_the_next_request(root: Path) -> None:
    async def twice(client: Client) -> list[int]:
        first = await client.ask("/diplomacy.atom")
        (root / "diplomacy.atom").unlink()
        return [first.status, (await client.ask("/diplomacy.atom")).status]

    assert with_site(root, twice) == [200, 404]


def test_an_empty_or_missing_folder_says_that_nothing_is_published_yet(tmp_path: Path) -> None:
    answer = ask(tmp_path / "not-there", "/")
    assert (answer.status, b"Nothing has been published yet" in answer.body) == (404, True)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/diplomacy.atom", "/health", "/nothing"])
def test_documents_can_only_be_read(root: Path, method: str, path: str) -> None:
    answer = ask(root, path, method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_a_question_about_the_whole_server_names_no_library(root: Path) -> None:
    async def asterisk(client: Client) -> bytes:
        return await client.send(b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    answer = with_site(root, asterisk)
    assert answer.startswith(b"HTTP/1.1 204 ")
    assert b"Server: aggregator\r\n" in answer


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/diplomacy", "diplomacy.html"),
        ("/diplomacy/", "../diplomacy.html"),
        ("/digest", "digest/"),
        ("/sources/wire", "wire.html"),
        ("/sources/wire/", "../wire.html"),
        ("/diplomacy.atom/", "../diplomacy.atom"),
        ("/diplomacy/2", "2.html"),
    ],
)
def test_an_address_almost_right_leads_to_the_right_one(root: Path, path: str, location: str) -> None:
    answer = ask(root, path)
    assert (answer.status, answer.headers["Location"]) == (301, location)


def test_the_index_of_a_folder_is_served_at_the_folder(root: Path) -> None:
    assert b"Digests" in ask(root, "/digest/").body


def test_renamed_feeds_redirect_and_ended_ones_are_gone(root: Path) -> None:
    async def several(client: Client) -> list[Answer]:
        wanted = ("/talks.atom", "/talks/2.html", "/ended.rss", "/ended/2.html")
        return [await client.ask(path) for path in wanted]

    options = {"redirects": lambda: {"talks": "diplomacy"}, "gone": lambda: {"ended"}}
    feed, page, ended, ended_page = with_site(root, several, **options)
    assert (feed.status, feed.headers["Location"]) == (301, "diplomacy.atom")
    assert (page.status, page.headers["Location"]) == (301, "../diplomacy/2.html")
    assert (ended.status, ended_page.status) == (410, 410)
    assert feed.headers["Access-Control-Allow-Origin"] == "*"


def test_the_documents_of_a_feed_that_is_over_are_gone_though_they_are_there(root: Path) -> None:
    async def several(client: Client) -> list[Answer]:
        before = await client.ask("/diplomacy.atom")
        over.add("diplomacy")
        wanted = ("/diplomacy.atom", "/diplomacy.html", "/all.atom")
        opened = await client.ask("/diplomacy.atom", Sec_Fetch_Dest="document")
        return [before, *[await client.ask(path) for path in wanted], opened]

    over = set[str]()
    options = {"is_over": lambda path: path.partition(".")[0] in over, "gone": lambda: over}
    answers = with_site(root, several, **options)
    assert [answer.status for answer in answers] == [200, 410, 410, 200, 410]


def test_a_part_to_come_leads_to_the_live_feed_for_the_time_being(root: Path) -> None:
    answer = ask(root, "/diplomacy/archive/000002.atom")
    assert (answer.status, answer.headers["Location"]) == (307, "../../diplomacy.atom")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("number", ["000000", "000003", "2", "000002.json", "00000002x"])
def test_a_part_that_is_not_the_next_is_not_there(root: Path, number: str) -> None:
    assert ask(root, f"/diplomacy/archive/{number}.atom").status == 404


def test_the_parts_of_renamed_feeds_redirect_and_those_of_ended_ones_are_gone(root: Path) -> None:
    async def several(client: Client) -> list[Answer]:
        wanted = ("/talks/archive/000001.atom", "/ended/archive/000001.atom")
        return [await client.ask(path) for path in wanted]

    options = {"redirects": lambda: {"talks": "diplomacy"}, "gone": lambda: {"ended"}}
    renamed, ended = with_site(root, several, **options)
    assert (renamed.status, renamed.headers["Location"]) == (301, "../../diplomacy/archive/000001.atom")
    assert ended.status == 410


def test_parts_keep_for_a_day(root: Path) -> None:
    assert "max-age=86400" in ask(root, "/diplomacy/archive/000001.atom").headers["Cache-Control"]
    assert "max-age=300" in ask(root, "/diplomacy.atom").headers["Cache-Control"]


def test_pages_link_home_from_any_depth(root: Path) -> None:
    assert b'href="../../"' in ask(root, "/a/b/c.html").body
    assert b'href="./"' in ask(root, "/c.html").body
