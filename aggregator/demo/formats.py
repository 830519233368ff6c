"""The sample outlets' feeds as their makers would write them: RSS 2.0, Atom 1.0, JSON Feed 1.1, RSS 1.0."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from aggregator.demo.stories import SampleOutlet, Story

Write = Callable[[SampleOutlet, Sequence[Story], str], str]
NOTE = "A sample story, written for this demonstration; nothing in it happened."


def body(story: Story) -> str:
    """The story's text as HTML."""
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in (*story.body, NOTE))


def page(outlet: SampleOutlet, story: Story, base: str) -> str:
    """The address of the story at the outlet; `base` is the outlets' address, ending with a slash."""
    return f"{base}{outlet.id}/{story.id}.html"


def picture(story: Story, base: str) -> str:
    """The address of the story's picture."""
    return f"{base}pictures/{story.id}.png"


def _id(outlet: SampleOutlet, story: Story) -> str:
    owner = "agency" if story.shared else outlet.id
    return f"tag:{owner}.example,2026:{story.id}"


def rss(outlet: SampleOutlet, stories: Sequence[Story], base: str) -> str:
    """RSS 2.0 with the full text, Dublin Core authors and Media RSS pictures."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
<channel>
<title>{escape(outlet.title)}</title>
<link>{base}{outlet.id}/</link>
<description>{escape(outlet.description)}</description>
<language>{outlet.language}</language>
{"".join(_rss_item(outlet, story, base) for story in stories)}</channel>
</rss>
"""


def _rss_item(outlet: SampleOutlet, story: Story, base: str) -> str:
    return f"""<item>
<title>{escape(story.title)}</title>
<link>{page(outlet, story, base)}</link>
<guid isPermaLink="false">{_id(outlet, story)}</guid>
<pubDate>{format_datetime(story.published)}</pubDate>
<dc:creator>{escape(story.author)}</dc:creator>
{"".join(f"<category>{escape(term)}</category>" for term in story.categories)}
<description>{escape(story.summary)}</description>
<content:encoded><![CDATA[{body(story)}]]></content:encoded>
{_media(story, base) if story.picture else ""}</item>
"""


def _media(story: Story, base: str) -> str:
    return (
        f'<media:content url="{picture(story, base)}" type="image/png" width="640" height="360">'
        f"<media:description>{escape(story.picture)}</media:description></media:content>\n"
    )


def atom(outlet: SampleOutlet, stories: Sequence[Story], base: str) -> str:
    """Atom 1.0 with dates of publication and correction."""
    updated = max((story.updated for story in stories), default=datetime.fromtimestamp(0, UTC))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}">
<id>tag:{outlet.id}.example,2026:feed</id>
<title>{escape(outlet.title)}</title>
<subtitle>{escape(outlet.description)}</subtitle>
<updated>{updated.isoformat()}</updated>
<link rel="self" href="{base}{outlet.id}/{outlet.file}"/>
<link rel="alternate" href="{base}{outlet.id}/"/>
{"".join(_atom_entry(outlet, story, base) for story in stories)}</feed>
"""


def _atom_entry(outlet: SampleOutlet, story: Story, base: str) -> str:
    return f"""<entry>
<id>{_id(outlet, story)}</id>
<title>{escape(story.title)}</title>
<link rel="alternate" href="{page(outlet, story, base)}"/>
<published>{story.published.isoformat()}</published>
<updated>{story.updated.isoformat()}</updated>
<author><name>{escape(story.author)}</name></author>
{"".join(f"<category term={quoteattr(term)}/>" for term in story.categories)}
<summary>{escape(story.summary)}</summary>
<content type="html">{escape(body(story))}</content>
</entry>
"""


def jsonfeed(outlet: SampleOutlet, stories: Sequence[Story], base: str) -> str:
    """JSON Feed 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.title,
        "description": outlet.description,
        "language": outlet.language,
        "home_page_url": f"{base}{outlet.id}/",
        "feed_url": f"{base}{outlet.id}/{outlet.file}",
        "items": [_json_item(outlet, story, base) for story in stories],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _json_item(outlet: SampleOutlet, story: Story, base: str) -> dict[str, object]:
    return {
        "id": _id(outlet, story),
        "url": page(outlet, story, base),
        "title": story.title,
        "summary": story.summary,
        "content_html": body(story),
        "date_published": story.published.isoformat(),
        "date_modified": story.updated.isoformat(),
        "authors": [{"name": story.author}],
        "tags": list(story.categories),
    }


def rdf(outlet: SampleOutlet, stories: Sequence[Story], base: str) -> str:
    """RSS 1.0 with Dublin Core; an item is known by its address."""
    items = "".join(f'<rdf:li rdf:resource="{page(outlet, story, base)}"/>' for story in stories)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel rdf:about="{base}{outlet.id}/{outlet.file}">
<title>{escape(outlet.title)}</title>
<link>{base}{outlet.id}/</link>
<description>{escape(outlet.description)}</description>
<dc:language>{outlet.language}</dc:language>
<items><rdf:Seq>{items}</rdf:Seq></items>
</channel>
{"".join(_rdf_item(outlet, story, base) for story in stories)}</rdf:RDF>
"""


def _rdf_item(outlet: SampleOutlet, story: Story, base: str) -> str:
    return f"""<item rdf:about="{page(outlet, story, base)}">
<title>{escape(story.title)}</title>
<link>{page(outlet, story, base)}</link>
<dc:date>{story.published.isoformat()}</dc:date>
<dc:creator>{escape(story.author)}</dc:creator>
{"".join(f"<dc:subject>{escape(term)}</dc:subject>" for term in story.categories)}
<description>{escape(story.summary)}</description>
<content:encoded>{escape(body(story))}</content:encoded>
</item>
"""


# The last part of a feed's name → how it is written, and its media type.
FORMATS: dict[str, tuple[Write, str]] = {
    "feed.xml": (rss, "application/rss+xml"),
    "rss.xml": (rss, "text/xml"),
    "news.rss": (rss, "application/rss+xml"),
    "atom.xml": (atom, "application/atom+xml"),
    "feed.json": (jsonfeed, "application/feed+json"),
    "index.rdf": (rdf, "application/rdf+xml"),
}
