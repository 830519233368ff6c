"""The texts of an entry as HTML, cleaned, and as one line."""

from aggregator.parse import characters, html, literals, plaintext, sniffing
from aggregator.parse.draft import Passage

MARKUP = 1_000_000
"""Characters of a text's markup at most."""


def cleaned(passage: Passage) -> str:
    """Cleaned HTML of a text, whatever it was declared as."""
    return html.clean(_markup(passage), passage.base)


def line(passage: Passage) -> str:
    """A text as one line, without markup."""
    if "<" not in passage.value and "&" not in passage.value:
        return characters.one_line(passage.value)
    return characters.one_line(html.to_text(cleaned(passage)))


def _markup(passage: Passage) -> str:
    value = passage.value[:MARKUP]
    if passage.is_xhtml:
        return value
    value = sniffing.unwrapped(value)
    if not passage.is_html and not sniffing.is_whole_html(value):
        return plaintext.to_html(sniffing.plain(value))
    value = literals.escaped(sniffing.without_sections(sniffing.as_meant(value)))
    return value if sniffing.has_blocks(value) else plaintext.structured(value)
