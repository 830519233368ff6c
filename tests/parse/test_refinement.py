"""What becomes of a body as a whole: items, or one sentence; never an exception."""

import json
import pickle
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Failure, Refined, Response, Source
from aggregator.parse import refinement
from tests.examples import examples

SOURCE = Source(id="outlet", feed="https://outlet.example/feed")


def refine(body: bytes | str, content_type: str = "") -> Refined | Failure:
    headers = (("content-type", content_type),) if content_type else ()
    body = body.encode("utf-8") if isinstance(body, str) else body
    return refinement.refine(SOURCE, Response("https://outlet.example/feed", 200, headers, body))


def refined(body: bytes | str, content_type: str = "") -> Refined:
    result = refine(body, content_type)
    assert isinstance(result, Refined), result
    return result


def rss(items: str, channel: str = "") -> str:
    about = f"<title>T</title><link>https://outlet.example/</link>{channel}"
    return f"<rss version='2.0'><channel>{about}{items}</channel></rss>"


def atom(parts: str) -> str:
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>a:b</id>{parts}</entry></feed>"


PAGE = """<!DOCTYPE html><html><head><title>Not found</title>
<link rel="alternate" type="application/rss+xml" href="/real?a=1&amp;b=2"></head>
<body><p>404</p></body></html>"""


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty body"),
        (b"  \n", "empty body"),
        (
            PAGE,
            "an HTML page instead of a feed; that page names the feed https://outlet.example/real?a=1&b=2.",
        ),
        ("<html><body>Hello</body></html>", "look for the feed address on the page"),
        ("<p>Service unavailable</p>", "an HTML page"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\x1f\x8b\x08\0\0", "gzip data"),
        ('{"error": "no such feed"}', "JSON that is no JSON Feed"),
        ("[1, 2]", "JSON that is no JSON Feed"),
        (
            '{"version": "https://jsonfeed.org/version/1.1", "items": [',
            "broken (line 1, column 59: it ends too",
        ),
        ('{"items": [{"id": "a" "url": "b"}]}', "broken (line 1, column 23: expecting ',' delimiter)"),
        ('{"items": []} <!-- cached -->', "broken (line 1, column 15: something follows its end)"),
        (
            '<?xml version="1.0"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml"/>',
            "an HTML page",
        ),
        ("<?xml version='1.0'?><!-- <rss> --><?x y?><html><rss/></html>", "an HTML page"),
        ("<!doctype html [<!ENTITY a 'b'>]><title>No feed</title>", "an HTML page"),
        ("<!DOCTYPE html><opml version='2.0'/>", "XML that is no feed (<opml>)"),
        ("<!DOCTYPE html><my-app></my-app>", "an HTML page"),
        ("Warning: no disk <!DOCTYPE html><html><body/></html>", "an HTML page"),
        ('<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>', "<urlset>"),
        ("<opml version='2.0'><body><outline xmlUrl='x'/></body></opml>", "<opml>"),
        ("Too many requests", "text that is no feed"),
    ],
)
def test_what_is_no_feed_is_said_in_one_sentence(body: bytes | str, words: str) -> None:
    failure = refine(body)
    assert isinstance(failure, Failure)
    assert failure.kind == "format"
    assert words in failure.sentence
    assert "\n" not in failure.sentence
    assert failure.status == 200


@pytest.mark.parametrize(
    "body",
    [
        rss(""),
        '<feed xmlns="http://www.w3.org/2005/Atom"/>',
        '{"version":"https://jsonfeed.org/version/1","items":[]}',
    ],
)
def test_a_feed_without_entries_is_a_feed(body: str) -> None:
    assert refined(body).items == ()


@pytest.mark.parametrize(
    "type", ["<!DOCTYPE html>", "<!doctype HTML PUBLIC '-//W3C//DTD' 'x.dtd'>", "<!DOCTYPE x>"]
)
@pytest.mark.parametrize(
    "before", ["", "<?xml version='1.0'?>", "\ufeff<?xml version='1.0'?>\n<!-- <html> -->\n"]
)
@pytest.mark.parametrize(
    "body",
    [
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>a:b</id><title>A</title></entry></feed>",
        "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:id>a:b</a:id><a:title>A</a:title></a:entry></a:feed>",
        "<rss version='2.0'><channel><item><guid>a:b</guid><title>A</title></item></channel></rss>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
        "<item rdf:about='a:b'><title>A</title></item></rdf:RDF>",
    ],
)
def test_a_feed_is_one_by_its_root_whatever_its_document_type(body: str, before: str, type: str) -> None:
    assert [item.key for item in refined(before + type + body).items] == ["a:b"]


def test_entities_of_the_documents_own_are_replaced_by_their_values() -> None:
    declared = """<!ENTITY hill "Long Hill"><!-- <!ENTITY hill "x"> --><!ENTITY
 name 'the &hill; road'> <!ENTITY p "&#60;b>bold&#60;/b>"><!ENTITY file SYSTEM "/etc/passwd">
<!ENTITY a "&a;&a;">"""
    markup = "<![CDATA[&hill; in code]]> &name; &p; &file; &eacute;"
    entry = f"<item><guid>a</guid><title>On &hill; &amp;</title><description>{markup}</description></item>"
    for type in (f"<!DOCTYPE rss [{declared}]>", f"<?xml version='1.0'?>\n<!DOCTYPE rss\n[{declared}] >\n"):
        (found,) = refined(type + rss(entry)).items
        assert found.title == "On Long Hill &"
        assert found.text == "&hill; in code the Long Hill road bold &file; é"


def test_rss_without_a_channel_is_read() -> None:
    body = "<rss version='2.0'><title>The Outlet</title><item><guid>a</guid><title>A</title></item></rss>"
    found = refined(body)
    assert [item.title for item in found.items] == ["A"]
    assert found.head.title == "The Outlet"


@pytest.mark.parametrize(
    "prefix",
    ["http://www.iana.org/assignments/relation/", "https://www.iana.org/assignments/link-relations/"],
)
def test_a_link_relation_may_be_named_by_its_registered_address(prefix: str) -> None:
    sound = f"<link rel='{prefix}enclosure' href='/a.mp3' type='audio/mpeg'/>"
    (found,) = refined(atom(f"<link rel='{prefix}alternate' href='/a'/>{sound}")).items
    assert found.url == "https://outlet.example/a"
    assert [file.url for file in found.enclosures] == ["https://outlet.example/a.mp3"]


@pytest.mark.parametrize(
    "type", ["text/markdown", "text/x-markdown; charset=utf-8", "text/plain", "TEXT", "text/troff"]
)
def test_content_of_any_text_type_is_text(type: str) -> None:
    (found,) = refined(atom(f"<content type='{type}'>A *b*.\n\nC &lt;d></content>")).items
    assert found.text == "A *b*.\n\nC <d>"


def test_content_of_a_text_type_that_is_html_is_html() -> None:
    (found,) = refined(atom("<content type='text/html; charset=utf-8'>A &lt;b>b&lt;/b></content>")).items
    assert found.content == "A <b>b</b>"


def test_a_feed_torn_within_an_entry_gives_that_entry_only_if_its_id_arrived() -> None:
    whole = rss("<item><guid>a</guid><title>A</title></item><item><title>B</title><guid>bcd</guid><link>half")
    for torn, keys in ((whole[:-20], ["a", "bcd"]), (whole[: whole.index("cd</guid>")], ["a"])):
        result = refined(torn)
        assert [item.key for item in result.items] == keys
        assert result.torn
        assert any("ends within an entry" in note for note in result.notes)


def test_html_of_an_item_is_reduced_and_its_addresses_start_from_the_article() -> None:
    markup = "<![CDATA[<img src='c.jpg' onerror='x()'><a href='javascript:x'>z</a>]]>"
    item = f"<item><link>/a/b</link><description>{markup}</description></item>"
    (found,) = refined(rss(item)).items
    assert '<img src="https://outlet.example/a/c.jpg">' in found.content
    assert "javascript" not in found.content


def test_no_field_holds_what_xml_forbids_or_grows_without_bound() -> None:
    long = "x" * 1_500_000
    item = f"<item><guid>{long}</guid><title>&#0;A\ud7ff\ufffe {long}</title><link>https://outlet.example/{long}</link>"
    item += (
        f"<author>{long[:2000]}</author><category>{long}</category><description>{long} y</description></item>"
    )
    (found,) = refined(rss(item)).items
    assert len(repr(found)) < 4_000_000
    assert len(found.title) <= 500
    assert found.url == ""
    assert "\ufffe" not in found.title


def test_a_tag_that_is_longer_than_a_text_may_be_is_no_text() -> None:
    many = " ".join(f"a{number}='1'" for number in range(100_000))
    (found,) = refined(
        rss(f"<item><title>T</title><description>War. &lt;p {many}&gt;x</description></item>")
    ).items
    assert (found.text, len(found.content) < 100) == ("War.", True)


def test_an_entity_bomb_is_refused_or_left_unexpanded() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 50}">' for n in range(12))
    body = f"<!DOCTYPE rss [{entities}]>" + rss("<item><guid>a</guid><title>&e11;</title></item>")
    result = refine(f"<?xml version='1.0'?>{body}")
    assert isinstance(result, Failure) or len(repr(result)) < 10_000


def test_elements_named_like_feedparsers_own_keys_do_no_harm() -> None:
    names = "links authors tags content summary_detail published_parsed title_detail image source href base"
    odd = "".join(f"<{name}>x</{name}><{name} a='b'/>" for name in names.split())
    body = rss(f"<item>{odd}<title>T</title><guid>a</guid></item>", odd)
    assert [item.key for item in refined(body).items] == ["a"]


def test_no_address_keeps_a_password_and_no_author_an_e_mail() -> None:
    author = "<author>me@outlet.technology (Me Myself)</author>"
    item = f"<item><link>https://me:pw@outlet.example/a</link>{author}</item>"
    (found,) = refined(rss(item, "<webMaster>root@outlet.example</webMaster>")).items
    assert found.authors[0].name == "Me Myself"
    assert "pw" not in repr(found)
    assert "@" not in repr(found)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                "id url title items author authors name tags image attachments content_html summary".split()
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@examples(60)
@given(st.lists(JSON), JSON)
def test_json_of_any_shape_is_read_or_refused(items: list[object], head: object) -> None:
    body = {"version": "https://jsonfeed.org/version/1.1", "title": head, "authors": head, "items": items}
    result = refined(json.dumps(body))
    assert result.entries == sum(isinstance(item, dict) for item in items)


@pytest.mark.parametrize(
    "body", ["[" * 100_000, '{"a":' * 100_000, '{"items": [], "title": ' + "9" * 10_000 + "}"]
)
def test_json_made_to_break_parsers_is_refused(body: str) -> None:
    assert isinstance(refine(body), Failure)


PARTS = (
    rss("<item><title>a &amp; b</title><link>x</link><guid>g</guid></item>").replace("><", ">\0<").split("\0")
)
FAULTS = ["&", "<![CDATA[", "]]>", "<x", "&#xD800;", "&#99999999;", "\0", "<!--"]


@examples(100)
@given(st.lists(st.sampled_from(PARTS + FAULTS)))
def test_markup_in_any_order_never_raises_and_travels_between_processes(parts: list[str]) -> None:
    result = refine("".join(parts))
    assert pickle.loads(pickle.dumps(result)) == result


@examples(60)
@given(st.binary())
def test_no_bytes_raise(body: bytes) -> None:
    refine(body)


def test_skipped_hours_are_found_behind_the_entries_but_not_within_them() -> None:
    quoted = "<![CDATA[<skipHours><hour>3</hour></skipHours>]]>"
    entry = f"<item><guid>a</guid><description>{quoted}</description></item>"
    asked = "<skipHours><hour>1</hour><hour>2</hour></skipHours><skipDays><day>Sunday</day></skipDays>"
    pace = refined(rss(entry + asked)).pace
    assert pace.skip_hours == {1, 2}
    assert pace.skip_days == {6}


def test_a_ttl_of_any_length_is_a_long_one() -> None:
    pace = refined(rss("", "<ttl>99999999999</ttl>")).pace
    assert pace.ttl is not None
    assert pace.ttl > timedelta(days=7)


def test_an_entry_that_says_nothing_is_left_out_and_counted() -> None:
    blank = (
        "<item/><item><title> </title><description></description><guid isPermaLink='false'>x</guid></item>"
    )
    found = refined(rss(f"{blank}<item><title>The well</title></item>"))
    assert [item.title for item in found.items] == ["The well"]
    assert "2 entries were left out: without title, text, link and file." in found.notes
    assert found.unread == ""


@pytest.mark.parametrize(
    "says",
    [
        "<title>A</title>",
        "<description>A</description>",
        "<link>https://outlet.example/a</link>",
        "<enclosure url='https://outlet.example/a.mp3' type='audio/mpeg' length='1'/>",
        "<description>&lt;img src='https://outlet.example/a.jpg'&gt;</description>",
    ],
)
def test_whatever_an_entry_says_is_enough(says: str) -> None:
    assert len(refined(rss(f"<item>{says}</item>")).items) == 1


def test_an_entry_that_is_a_picture_is_named_by_its_words() -> None:
    picture = "&lt;p&gt;&lt;img src='https://outlet.example/a.jpg' alt='Fog over the bay &amp;amp; hills'&gt;"
    (found,) = refined(rss(f"<item><description>{picture}</description></item>")).items
    assert found.title == "Fog over the bay & hills"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (rss("<item/><item><guid>x</guid><title/></item>"), "none of 2 has a title"),
        ('{"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": [1, "b"]}', "could be read"),
        ('{"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": {}}', "no list of items"),
    ],
)
def test_a_feed_none_of_whose_entries_can_be_read_says_so(body: str, why: str) -> None:
    found = refined(body)
    assert found.items == ()
    assert why in found.unread


def test_a_feed_that_has_no_entries_yet_is_well() -> None:
    assert refined(rss("<!-- <item/> -->")).unread == ""
    assert refined('{"version": "https://jsonfeed.org/version/1.1", "title": "A", "items": []}').unread == ""


def test_of_a_flood_of_entries_the_newest_are_read_and_it_is_said() -> None:
    days = [f"2020-{1 + n % 12:02}-{1 + n % 28:02}T00:00:{n % 60:02}Z" for n in range(2_100)]
    entries = "".join(
        f"<item><guid isPermaLink='false'>{n}</guid><title>{n}</title><pubDate>{day}</pubDate></item>"
        for n, day in enumerate(days)
    )
    found = refined(rss("<item><guid isPermaLink='false'>undated</guid><title>U</title></item>" + entries))
    assert len(found.items) == 2_000
    assert "Of its 2,101 entries the newest 2,000 were read." in found.notes
    left_out = {
        day for day, n in zip(days, range(2_100), strict=True) if str(n) not in {i.key for i in found.items}
    }
    assert max(left_out) <= min(item.published for item in found.items if item.published).strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )
    assert "undated" not in {item.key for item in found.items}
