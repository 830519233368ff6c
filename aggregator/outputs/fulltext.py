"""An outlet's full text as we may republish it: under a credit line, with pictures only where allowed."""

import re
from html import escape

import nh3

from aggregator.model import Author, Source
from aggregator.outputs.addresses import address
from aggregator.text.characters import legal, one_line
from aggregator.text.html.elements import ALLOWED, ATTRIBUTES

_CLEANERS = {
    pictures: nh3.Cleaner(
        tags=set(ALLOWED if pictures else ALLOWED - {"img"}),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel=None,
    )
    for pictures in (True, False)
}
_FIGURE = re.compile(r"<figure\b(?:(?!</?figure\b).)*</figure>", re.DOTALL)
_TEXT_IN_FIGURE = re.compile(r"<(?:blockquote|table|pre|ul|ol|dl|p)\b")
_CREATIVE_COMMONS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/([a-z+-]+)/([0-9.]+)"
)
_PUBLIC_DOMAIN = {"zero": "CC0", "mark": "Public Domain Mark"}


def credit(
    outlet: str,
    page: str,
    byline: tuple[Author, ...],
    source: Source,
    url: str,
    first: str = "",
    rights: str = "",
) -> str:
    """The visible line (HTML) that says whose text this is, under which licence, and where it first stood.

    `first` and `rights` are what the outlet itself says of that with its text, in plain words.
    """
    by = ", by " + _listed([_link(author.name, author.url) for author in byline]) if byline else ""
    parts = [f"From {_link(outlet, page)}{by}"]
    if source.license:
        parts.append(_link(license_name(source.license), address(source.license)))
    elif source.permission:
        parts.append("republished by permission")
    if rights and rights != source.license:
        parts.append(_link(license_name(rights), address(rights)))
    if url:
        parts.append(_link("original article", url))
    if first:
        parts.append(escape(first.rstrip(". ")))
    return f'<p dir="ltr" lang="en">{"; ".join(parts)}</p>'


def credited(html: str, credit: str, *, pictures: bool) -> str:
    """The text under its credit line, reduced to the allow-list once more."""
    if not pictures:
        html = _FIGURE.sub(_without_picture, html)
    return f"{credit}\n{_CLEANERS[pictures].clean(legal(html))}"


def license_name(license: str) -> str:
    """A licence in words: "CC BY-SA 4.0", "licence" for an address unknown to us, or the text it is."""
    if found := _CREATIVE_COMMONS.match(license):
        code, version = found.groups()
        return f"{_PUBLIC_DOMAIN.get(code) or f'CC {code.upper()}'} {version}"
    return "licence" if address(license) else one_line(license)


def _without_picture(figure: re.Match[str]) -> str:
    """A caption means nothing without its picture, so a figure that is only that goes as a whole."""
    stays = "<img" not in figure[0] or _TEXT_IN_FIGURE.search(figure[0])
    return figure[0] if stays else ""


def _link(text: str, url: str) -> str:
    return f'<a href="{escape(url)}">{escape(text)}</a>' if url else escape(text)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
