"""What feeds put into an article's text that is not the article: notices of the site, bylines, credits."""

from collections.abc import Sequence


def strip_html(markup: str, *, title: str = "", authors: Sequence[str] = (), outlet: str = "") -> str:
    """Cleaned markup without the blocks at its start and end that are notices."""
    return markup


def strip_text(text: str, *, title: str = "", authors: Sequence[str] = (), outlet: str = "") -> str:
    """Plain text without the notices at its start and end."""
    return text.strip()
