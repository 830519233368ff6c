"""Where a request goes, hop by hop, and what each hop may carry (RFC 9110, 15.4)."""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from yarl import URL

from aggregator.model import Request, Validators

REDIRECTS = frozenset({301, 302, 303, 307, 308})
SAME_METHOD = frozenset({307, 308})
"""Those after which a form may be posted again."""
_PERMANENT = frozenset({301, 308})
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")
_UNREADABLE = re.compile(r"[\ud800-\udfff]")


class AddressError(ValueError):
    """An address or a header that no request can be made of; the message is a sentence."""


class RedirectError(Exception):
    """A redirect that is not followed; the message is half a sentence."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One request of a chain: the address, without credentials, and what the chain has been so far."""

    url: URL
    headers: tuple[tuple[str, str], ...]  # the operator's and the address's credentials
    seen: tuple[URL, ...] = ()
    permanent: bool = True  # only 301 and 308 until here
    secret: bool = False  # the chain began with the operator's headers or credentials, or posts a form

    @property
    def host(self) -> str:
        """The name that turns, blocks and sentences go by."""
        return (self.url.host or "").rstrip(".")

    def validators(self, validators: Validators) -> Iterable[tuple[str, str]]:
        """The conditional headers (RFC 9110, 13.1) for this hop: none but to the origin that issued them."""
        issuer = URL(validators.url) if validators.url else (self.seen or (self.url,))[0]
        if not validators or issuer.origin() != self.url.origin():
            return
        if validators.etag is not None and _repeatable(validators.etag):
            yield "If-None-Match", validators.etag
        if validators.last_modified is not None and _repeatable(validators.last_modified):
            yield "If-Modified-Since", validators.last_modified


def first(request: Request) -> Hop:
    """The first hop; AddressError for what none can be made of."""
    try:
        url = URL(request.url.strip())
        usable = _is_usable(url)
    except ValueError:
        usable = False
    if not usable:
        raise AddressError("Its address is no http or https address; correct `feed` in config/sources.yaml.")
    headers = request.headers
    if not all(_TOKEN.fullmatch(name) and _VALUE.fullmatch(value) for name, value in headers):
        raise AddressError("Its `headers` hold what no header may; correct them in config/sources.yaml.")
    if (url.user or url.password) and not any(name.lower() == "authorization" for name, _ in headers):
        pair = f"{url.user or ''}:{url.password or ''}".encode()
        headers = (*headers, ("Authorization", f"Basic {base64.b64encode(pair).decode()}"))
    return Hop(_bare(url), headers, secret=bool(headers or request.form))


def follow(hop: Hop, status: int, location: str | None, limit: int) -> Hop:
    """The next hop; RedirectError for loops, too many hops, bad targets, secrets in the clear."""
    if not location:
        raise RedirectError("redirects without saying where to")
    url = _target(hop.url, location)
    seen = (*hop.seen, hop.url)
    if url in seen:
        raise RedirectError(f"redirects in a circle ({status} to {url.host})")
    if len(seen) > limit:
        raise RedirectError(f"redirects more than {limit} times")
    downgrade = hop.url.scheme == "https" and url.scheme == "http"
    if downgrade and hop.secret:
        raise RedirectError("redirects from https to http, where others could read what its login protects")
    return replace(
        hop,
        url=url,
        headers=hop.headers if url.origin() == hop.url.origin() else (),
        seen=seen,
        permanent=hop.permanent and status in _PERMANENT and not downgrade,
    )


def moved_to(hop: Hop, request: Request) -> str | None:
    """The address to adopt, where the whole chain was permanent and no credentials would be lost."""
    if not hop.seen or not hop.permanent or "@" in request.url.partition("://")[2].partition("/")[0]:
        return None
    return str(hop.url)


def _target(base: URL, location: str) -> URL:
    try:
        url = _bare(base.join(URL(location.strip())))
        if _is_usable(url):
            return url
    except ValueError:
        pass
    raise RedirectError("redirects to what is no http or https address")


def _is_usable(url: URL) -> bool:
    """Whether this can be asked; ValueError for a host name that cannot be encoded."""
    host = url.host or ""
    return (
        url.scheme in ("http", "https")
        and bool(url.port)
        and host.replace(" ", "\0").isprintable()
        and bool(host)
    )


def _bare(url: URL) -> URL:
    return url.with_user(None).with_fragment(None)


def _repeatable(value: str) -> bool:
    """Whether a header can be sent back byte for byte, and names one document: `*` stands for any.

    Bytes that are no UTF-8 were read as surrogates; aiohttp sends no control characters.
    """
    return value != "*" and _VALUE.fullmatch(value) is not None and _UNREADABLE.search(value) is None
