"""The texts of an entry as HTML, cleaned, and as one line."""

from aggregator.parse.drafts import Passage
from aggregator.text import characters
from aggregator.text.html import literals, plaintext, sanitizer, sniffer

MARKUP = 1_000_000
"""Characters of a text's markup at most."""


def cleaned(passage: Passage) -> str:
    """Cleaned HTML of a text, whatever it was declared as."""
    return sanitizer.clean(_markup(passage), passage.base)


def line(passage: Passage) -> str:
    """A text as one line, without markup."""
    if "<" not in passage.value and "&" not in passage.value:
        return characters.one_line(passage.value)
    return characters.one_line(sanitizer.to_text(cleaned(passage)))


def _markup(passage: Passage) -> str:
    value = passage.value[:MARKUP]
    if passage.is_xhtml:
        return value
    value = sniffer.unwrapped(value)
    if not passage.is_html and not sniffer.is_whole_html(value):
        return plaintext.to_html(sniffer.plain(value))
    value = literals.escaped(sniffer.without_sections(sniffer.as_meant(value)))
    return value if sniffer.has_blocks(value) else plaintext.structured(value)
