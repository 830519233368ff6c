"""What an outlet does not let us show is in no document."""

from dataclasses import replace

import feedparser
import pytest

from aggregator import outputs
from aggregator.model import Config, Copy, Enclosure, Entry, Head, Item, Picture, Reason, Source
from aggregator.outputs.presentation import present
from tests import printing
from tests.outputs.samples import (
    ARABIC,
    CONFIG,
    FEED,
    FULL,
    GIVEN,
    NAMESPACE,
    PODCAST,
    PRIVATE,
    TITLE_ONLY,
    entry,
    feed,
)


def published(*entries: Entry, config: Config = CONFIG) -> str:
    """Everything that a feed and the front page with it say, in one string."""
    shown = feed(*entries)
    documents = (*printing.render(shown, config), *outputs.front(config, [shown]))
    ours = ("style.css", "embed.js", "favicon.svg", "favicon.png")  # the same for every site
    return "\n".join(document.body.decode() for document in documents if document.path not in ours)


def with_source(**changes: object) -> Config:
    """The sample configuration with the first source changed."""
    first, *others = CONFIG.sources
    return replace(CONFIG, sources=(replace(first, **changes), *others))  # type: ignore[arg-type]


def test_of_a_title_outlet_only_titles_are_shown() -> None:
    reasons = (Reason(1, 1, "content", 0, 9, "secret words"), Reason(1, 1, "title", 0, 9, "Treaty"))
    said = published(entry(TITLE_ONLY, tags=(GIVEN, replace(GIVEN, topic="north-korea", reasons=reasons))))
    assert "Treaty signed at dawn" in said
    assert "“Treaty”" in said
    assert "secret words" not in said
    assert "may not be shown" not in said
    assert "4.mp3" not in said


def test_of_an_excerpt_outlet_the_content_is_not_shown() -> None:
    item = replace(FULL, content="<p>Only in the full text.</p>")
    said = published(entry(item), config=with_source(republish="excerpt"))
    assert "They want a summit before spring." in said
    assert "Only in the full text" not in said
    assert "original article" not in said


def test_a_source_that_is_no_longer_configured_shows_excerpts_and_no_feed_address() -> None:
    item = replace(FULL, source="gone")
    said = published(entry(item))
    assert "https://dispatch.example.com/feed/" not in said.replace("sources.opml", "").split("<opml")[0]
    assert "sources/gone" not in said.replace(f"{NAMESPACE}/sources/gone", "")
    assert "original article" not in said


def test_a_full_text_opens_with_its_credit_licence_and_link() -> None:
    html = present(feed(entry(FULL)), CONFIG).entries[0].html
    opening = html.split("\n")[0]
    assert ">Peoples Dispatch</a>, by " in opening
    assert ">Ana Lim</a> and José Ñandú; " in opening
    assert ">CC BY-NC-SA 4.0</a>; " in opening
    assert opening.endswith('">original article</a></p>')


@pytest.mark.parametrize(
    ("license", "permission", "said"),
    [
        ("https://creativecommons.org/licenses/by/3.0/", "", ">CC BY 3.0</a>"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "", ">CC0 1.0</a>"),
        ("https://outlet.example/terms", "", ">licence</a>"),
        ("Free to share <with credit>", "", "Free to share &lt;with credit&gt;"),
        ("", "granted 2026-03-02 by their desk", "republished by permission"),
        ("", "", "From "),
    ],
)
def test_the_credit_line_names_the_licence(license: str, permission: str, said: str) -> None:
    config = with_source(license=license, permission=permission)
    assert said in present(feed(entry(FULL)), config).entries[0].html.split("\n")[0]
    assert "their desk" not in published(entry(FULL), config=config)


def test_the_credit_line_names_what_the_text_says_of_its_rights_and_origin() -> None:
    credit = "This article first appeared in Other Paper."
    item = replace(FULL, rights="© 2026 Ana Lim <all>", credit=credit)
    opening = present(feed(entry(item)), CONFIG).entries[0].html.split("\n")[0]
    assert "; © 2026 Ana Lim &lt;all&gt;; " in opening
    assert opening.endswith("; This article first appeared in Other Paper</p>")
    license = "https://creativecommons.org/licenses/by/4.0/"
    opening = present(feed(entry(replace(FULL, rights=license))), CONFIG).entries[0].html.split("\n")[0]
    assert f'<a href="{license}">CC BY 4.0</a>' in opening


def test_pictures_are_not_shown_where_the_outlet_does_not_allow_them() -> None:
    item = replace(
        FULL,
        content=FULL.content + '<img src="https://dispatch.example.com/b.png" alt="B">',
        enclosures=(
            Enclosure("https://dispatch.example.com/c.JPG"),
            Enclosure("https://x.example/d", "image/png"),
        ),
    )
    said = published(entry(item))
    for picture in (
        "a.jpg",
        "b.png",
        "c.JPG",
        "https://x.example/d",
        "<img",
        "&lt;img",
        "media:content",
        "Photo: X",
    ):
        assert picture not in said
    assert "Envoys of both Koreas met" in said


def test_a_figure_that_is_more_than_a_picture_keeps_its_words() -> None:
    quote = (
        '<figure><blockquote>We wait.</blockquote><img src="https://d.example/q.jpg">'
        "<figcaption>A. Lim</figcaption></figure>"
    )
    html = present(feed(entry(replace(FULL, content=quote))), CONFIG).entries[0].html
    assert "We wait." in html
    assert "A. Lim" in html
    assert "q.jpg" not in html


def test_pictures_are_shown_with_size_and_credit_where_the_outlet_allows_them() -> None:
    shown = present(feed(entry(PODCAST)), CONFIG).entries[0]
    assert shown.pictures == (
        Picture("https://gazette.example.com/p.jpg", "image/jpeg", 1200, 800, "The mediator", "Gazette"),
    )
    assert '<img src="https://gazette.example.com/p.jpg"' in shown.html


def test_a_private_feed_address_is_nowhere() -> None:
    said = published(entry(PRIVATE, tags=(GIVEN,)))
    assert "s3cret" not in said
    assert "members.example.net/feed" not in said
    assert "https://wire.example.org/sources/members.rss" in said
    assert "https://members.example.net/letters/3" in said


@pytest.mark.parametrize(
    "address",
    [
        "https://user:pa55word@sana.example.com/rss",
        "https://pa55word@sana.example.com/rss",
        "https://sana.example.com/rss?format=rss&token=pa55word",
        "https://sana.example.com/rss?api_key=pa55word",
        "https://sana.example.com/rss?Feed-Key=pa55word",
    ],
)
def test_credentials_in_a_feed_address_are_nowhere(address: str) -> None:
    config = replace(CONFIG, sources=(Source("radio-sana", address),))
    item = replace(ARABIC, head=Head(id=address, title="Radio", page=address, feed=address), url=address)
    said = published(
        entry(
            replace(item, url="https://sana.example.com/2"),
            copies=(Copy("radio-sana", "T", address.split("?")[0]),),
        ),
        config=config,
    )
    assert "pa55word" not in said


def test_formats_agree_on_what_they_show() -> None:
    documents = {document.path: document.body for document in printing.render(FEED, CONFIG)}
    atom, rss = feedparser.parse(documents["diplomacy.atom"]), feedparser.parse(documents["diplomacy.rss"])
    assert [one.id for one in atom.entries] == [one.id for one in rss.entries]
    assert [one.title for one in atom.entries] == [one.title for one in rss.entries]
    assert [one.link for one in atom.entries[:4]] == [one.link for one in rss.entries[:4]]
    assert [one.published_parsed for one in atom.entries] == [one.published_parsed for one in rss.entries]
    assert [", ".join(author.name for author in one.authors) for one in atom.entries] == [
        one.author for one in rss.entries
    ]


def test_an_item_without_a_byline_is_credited_to_its_outlet_never_to_us() -> None:
    item = Item(
        source="headlines",
        key="9",
        url="https://headlines.example.com/9",
        title="T",
        head=Head(title="Headlines"),
    )
    assert [author.name for author in present(feed(entry(item)), CONFIG).entries[0].authors] == ["Headlines"]


def test_a_topic_that_is_no_longer_configured_is_not_named() -> None:
    gone = replace(GIVEN, topic="gone")
    assert present(feed(entry(FULL, tags=(gone,))), CONFIG).entries[0].topics == ()


def test_an_item_without_a_title_is_headed_by_its_first_words() -> None:
    titled = present(
        feed(entry(PODCAST), entry(replace(PODCAST, summary="", content="", text=""))), CONFIG
    ).entries
    assert (
        titled[0].title == "A conversation with the mediator, who has spent eleven years between the lines…"
    )
    assert titled[1].title == "Untitled"
