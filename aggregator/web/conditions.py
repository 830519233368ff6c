"""Whether the client still has what we would send (RFC 9110, 13)."""

from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime

from aggregator.codings import Coding
from aggregator.web.resource import Resource


def held(headers: Mapping[str, str], resource: Resource, codings: Sequence[Coding]) -> Coding | None:
    """The coding of `codings` in which the client holds this very content, or None if it must be sent.

    If-None-Match decides where it is present, If-Modified-Since else. A client that holds any coding it still
    accepts keeps it: which acceptable coding is selected is the server's choice.
    """
    tags = headers.get("If-None-Match")
    if tags is not None:
        return _matching(tags, resource, codings)
    since = headers.get("If-Modified-Since")
    if since is not None and _unmodified(since, resource):
        return codings[0]
    return None


def _matching(tags: str, resource: Resource, codings: Sequence[Coding]) -> Coding | None:
    if tags == resource.etag(codings[0]) or tags.strip() == "*":
        return codings[0]
    # Our tags hold neither commas nor quotes, so a plain split finds them whatever stands beside them.
    known = {tag.strip().removeprefix("W/").strip('"') for tag in tags.split(",")}
    return next((coding for coding in codings if resource.digest + coding.suffix in known), None)


def _unmodified(since: str, resource: Resource) -> bool:
    if since == resource.last_modified:
        return True
    try:
        return resource.modified <= parsedate_to_datetime(since).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return False
