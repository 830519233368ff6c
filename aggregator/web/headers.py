"""The headers that go with a document: its media type, how long it keeps, who may read it, what it may do."""

from posixpath import basename, splitext

from aggregator.outputs import FORMATS, Format
from aggregator.web import paths

ALWAYS = {"Server": "aggregator", "X-Content-Type-Options": "nosniff"}
NOT_CACHED = "no-store"

# What is served is what stands here: temporary files, notes and precompressed copies do not.
MEDIA_TYPES = {
    ".json": "application/json",
    ".html": "text/html; charset=utf-8",
    ".opml": "text/x-opml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml; charset=utf-8",
    ".png": "image/png",
    ".ico": "image/vnd.microsoft.icon",
}
_FORMATS = {format.suffix: format for format in FORMATS}
_FEEDS = frozenset(_FORMATS)
_SHARED = _FEEDS | {".opml", ".js"}  # other sites' pages may read these
_ALREADY_SMALL = frozenset({".png", ".ico"})

_PART_CACHING = "public, max-age=86400, stale-if-error=86400"  # it changes only where something left it
_FEED_CACHING = "public, max-age=300, stale-while-revalidate=60, stale-if-error=86400"
_PAGE_CACHING = "public, max-age=60, stale-while-revalidate=60, stale-if-error=86400"
# Asked for by every page of every partner; a day later all have the version of a new release.
_SCRIPT_CACHING = "public, max-age=86400, stale-while-revalidate=604800, stale-if-error=604800"
_CACHING = {".html": _PAGE_CACHING, ".js": _SCRIPT_CACHING}

_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' https: http: data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors "
)
PAGE_SECURITY = {
    "Content-Security-Policy": f"{_PAGE_POLICY}'self'",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_FRAMED = "embed.html"  # below a feed's folder: its headlines for other sites' frames
_FRAMED_SECURITY = {**PAGE_SECURITY, "Content-Security-Policy": f"{_PAGE_POLICY}*", "X-Robots-Tag": "noindex"}
_FEED_SECURITY = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox"}

SHARING = {"Access-Control-Allow-Origin": "*"}
_SHARING_EXPOSED = {
    **SHARING,
    "Access-Control-Expose-Headers": "ETag, Link",
    "Cross-Origin-Resource-Policy": "cross-origin",  # also for pages that isolate themselves (COEP)
}
PREFLIGHT = {  # the answer to a browser's question before a cross-origin request (Fetch, 4.8)
    **SHARING,
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


def suffix(name: str) -> str:
    """The ending that decides how a path is served: ".atom"; "" where there is none."""
    return splitext(name)[1]


def is_served(name: str) -> bool:
    """Whether a path is of a kind that is published at all."""
    return suffix(name) in MEDIA_TYPES or is_feed(name)


def is_feed(name: str) -> bool:
    """Whether a path is a feed's, which a browser may open by mistake."""
    return suffix(name) in _FEEDS


def is_shared(name: str) -> bool:
    """Whether other sites' scripts may read the path (CORS)."""
    return suffix(name) in _SHARED


def is_compressible(name: str) -> bool:
    """Whether a content coding makes the path's bytes fewer."""
    return suffix(name) not in _ALREADY_SMALL


def media_type(name: str, body: bytes, shown: bool = False) -> str:
    """The Content-Type of a path; `shown` where a browser opens a feed to look at its source."""
    ending = suffix(name)
    format = _FORMATS.get(ending)
    if format is None or format.mark not in body[:512]:
        return MEDIA_TYPES[ending]
    return format.shown_as if shown else _of_feed(format)


def _of_feed(format: Format) -> str:
    return f"{format.media_type}; charset={format.charset}" if format.charset else format.media_type


def caching(name: str) -> dict[str, str]:
    """What a cache and a 304 must know of a path (RFC 9110, 15.4.5), its validators aside."""
    usual = _PART_CACHING if paths.is_part(name) else _FEED_CACHING
    fields = {**ALWAYS, "Cache-Control": _CACHING.get(suffix(name), usual)}
    vary = ["Accept-Encoding"] if is_compressible(name) else []
    if is_feed(name):
        vary.append("Sec-Fetch-Dest")
    if vary:
        fields["Vary"] = ", ".join(vary)
    if is_shared(name):
        fields |= _SHARING_EXPOSED
    return fields


def describing(
    name: str, body: bytes, *, noindex: bool, shown: bool = False, link: str = ""
) -> dict[str, str]:
    """All headers of a 200 that hold for every coding; `noindex` for republished full text."""
    fields = {"Content-Type": media_type(name, body, shown)} | caching(name)
    if noindex:
        fields["X-Robots-Tag"] = "noindex"
    if link:
        fields["Link"] = link
    return fields | _security(name)


def _security(name: str) -> dict[str, str]:
    if suffix(name) != ".html":
        return _FEED_SECURITY
    return _FRAMED_SECURITY if basename(name) == _FRAMED else PAGE_SECURITY
