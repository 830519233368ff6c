"""Whether the client still has what we would send (RFC 9110, 13)."""

from collections.abc import Sequence
from email.utils import parsedate_to_datetime

from multidict import MultiMapping

from aggregator.adapters.codings import Coding
from aggregator.web.resource import Resource


def fails(headers: MultiMapping[str], resource: Resource) -> bool:
    """Whether the client wants this document only as it knew it, and it is another now (RFC 9110, 13.1.1)."""
    wanted = headers.getall("If-Match", None)
    if wanted is not None:
        tags = {tag.strip() for tag in ",".join(wanted).split(",")}
        return "*" not in tags and not any(_is_ours(tag, resource) for tag in tags)
    since = headers.get("If-Unmodified-Since")
    return since is not None and _is_date(since) and not _unmodified(since, resource)


def _is_ours(tag: str, resource: Resource) -> bool:
    """Whether a tag is a strong one of this content, in whatever coding; weak ones never match here."""
    return len(tag) > 2 and tag[0] == tag[-1] == '"' and tag[1:-1].startswith(resource.digest)


def held(headers: MultiMapping[str], resource: Resource, codings: Sequence[Coding]) -> Coding | None:
    """The coding of `codings` in which the client holds this very content, or None if it must be sent.

    If-None-Match decides where it is present, If-Modified-Since else. A client that holds any coding it still
    accepts keeps it: which acceptable coding is selected is the server's choice.
    """
    lines = headers.getall("If-None-Match", None)
    if lines is not None:
        return _matching(",".join(lines), resource, codings)
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


def _is_date(value: str) -> bool:
    try:
        return bool(parsedate_to_datetime(value))
    except (ValueError, TypeError, IndexError):
        return False


def _unmodified(since: str, resource: Resource) -> bool:
    if since == resource.last_modified:
        return True
    try:
        return resource.modified <= parsedate_to_datetime(since).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return False
