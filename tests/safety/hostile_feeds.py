"""Feeds that carry one piece of markup wherever a feed may say anything."""

import json
import re
from html import escape

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rss(payload: str) -> bytes:
    """RSS 2.0 with its modules."""
    text = escape(_FORBIDDEN.sub("", payload))
    return f"""<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>{text}</title><link>{text}</link><description>{text}</description><copyright>{text}</copyright>
<language>{text}</language><managingEditor>{text}</managingEditor><image><url>{text}</url></image>
<item><title>{text}</title><link>https://outlet.test/{text}</link><guid isPermaLink="true">{text}</guid>
<author>{text}</author><dc:creator>{text}</dc:creator><category domain="{text}">{text}</category>
<description>{text}</description><content:encoded>{text}</content:encoded><comments>{text}</comments>
<enclosure url="https://outlet.test/a?{text}" type="{text}" length="{text}"/><dc:rights>{text}</dc:rights>
<media:content url="https://outlet.test/b?{text}" type="image/png" medium="image">
<media:title>{text}</media:title><media:description type="html">{text}</media:description>
<media:credit>{text}</media:credit></media:content><media:thumbnail url="{text}"/></item>
<item><title>It bears its name in an address</title><link>{text}</link>
<guid isPermaLink="false">2</guid><enclosure url="{text}" type="image/png" length="1"/>
<description>&lt;a href="{escape(text)}"&gt;x&lt;/a&gt;&lt;img src="{escape(text)}"&gt;</description></item>
</channel></rss>""".encode()


def atom(payload: str) -> bytes:
    """Atom 1.0."""
    text = escape(_FORBIDDEN.sub("", payload))
    return f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{text}" xml:base="https://outlet.test/">
<title type="html">{text}</title><subtitle type="html">{text}</subtitle><id>{text}</id><link href="{text}"/>
<icon>{text}</icon><rights type="html">{text}</rights>
<entry><id>{text}</id><title type="html">{text}</title><link href="{text}"/>
<link rel="enclosure" href="https://outlet.test/?{text}" title="{text}" type="{text}"/>
<author><name>{text}</name><uri>{text}</uri><email>{text}</email></author>
<category term="{text}" scheme="{text}" label="{text}"/><rights type="html">{text}</rights>
<summary type="html">{text}</summary><content type="html" xml:base="{text}">{text}</content></entry>
<entry><id>tag:outlet.test,2026:2</id><title>{text}</title><link href="https://outlet.test/2"/>
<summary>{text}</summary><content type="text">{text}</content></entry></feed>""".encode()


def jsonfeed(payload: str) -> bytes:
    """JSON Feed 1.1."""
    item = {
        **dict.fromkeys("id title summary content_html url external_url image banner_image".split(), payload),
        "authors": [{"name": payload, "url": payload, "avatar": payload}],
        "tags": [payload],
        "language": payload,
        "attachments": [{"url": f"https://outlet.test/?{payload}", "mime_type": payload, "title": payload}],
    }
    plain = {"id": "2", "url": "https://outlet.test/2", "title": payload, "content_text": payload}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": payload, "home_page_url": payload}
    return json.dumps(feed | {"icon": payload, "items": [item, plain]}).encode()


FORMATS = (rss, atom, jsonfeed)
