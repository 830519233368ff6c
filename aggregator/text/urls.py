"""Addresses: made absolute and harmless, compared, and judged as ids."""

import re
from ipaddress import IPv6Address
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

import idna

_EDGES = "".join(map(chr, range(33)))  # what browsers strip: C0 controls and the space
_INSIDE = str.maketrans("", "", "\t\n\r")  # what browsers ignore anywhere
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_WEB = re.compile(r"(?i)(https?):[/\\]*")
_LONE_PERCENT = re.compile(r"%(?![0-9a-fA-F]{2})")
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_PCHAR = r"[A-Za-z0-9/:@!$&'()*+,;=~._\[\]-]"
_PCHARS = rf"{_PCHAR}*+(?:%[0-9a-fA-F]{{2}}{_PCHAR}*+)*+"
_MORE = rf"(?=[^#])(?:\?|%[0-9a-fA-F]{{2}}|{_PCHAR}++)++"
_SOUND = re.compile(
    rf"https?://(?=[^/]{{1,253}}/)[a-z0-9-]+(?:\.[a-z0-9-]+)+/{_PCHARS}(?:\?{_MORE})?(?:#{_MORE})?"
)
_BAD_HOST = re.compile(r"[^a-z0-9._-]")
_PATH = "/%:@!$&'()*+,;=~-._[]"
_QUERY = _PATH + "?"
_MAILTO = re.compile(r"(?i)mailto:[^\s<>\"\\^`{|}\x00-\x1f\x7f]+@[^\s<>\"\\^`{|}\x00-\x1f\x7f]+")


def absolute(url: str, base: str = "", *, mail: bool = False) -> str:
    """The http(s) address that `url` means where `base` holds, without credentials; "" if there is none.

    Read as browsers read it (WHATWG URL): white space at the edges and line breaks inside are ignored, spaces
    and letters beyond ASCII are percent-encoded once, hosts go through IDNA. `mail` admits mailto: too.
    """
    if _SOUND.fullmatch(url):  # as nearly all are
        return url
    url = url.strip(_EDGES + "\x7f\xa0\ufeff\u3000").translate(_INSIDE)
    if not url:
        return ""
    if web := _WEB.match(url):
        return _normal(f"{web[1].lower()}://{url[web.end() :]}")
    if _SCHEME.match(url):
        return _mailto(url) if mail else ""
    if not _WEB.match(base):
        return ""
    try:
        if _lacks_its_scheme(url, base):
            return _normal(f"{base.partition(':')[0]}://{url}")
        return _normal(urljoin(_slashes(base), _slashes(url)))
    except ValueError:  # brackets that are no IPv6 address
        return ""


def _lacks_its_scheme(url: str, base: str) -> bool:
    """Whether a relative address begins with the host of its base: it was meant to be absolute."""
    first = re.split(r"[/?#]", url, maxsplit=1)[0].lower()
    host = (urlsplit(base).hostname or "").removeprefix("www.")
    return "." in host and (first.removeprefix("www.") == host or first.endswith(f".{host}"))


def public(url: str) -> str:
    """The same address without user name and password."""
    if "@" not in url:
        return url
    scheme, mark, rest = url.partition("://")
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    return scheme + mark + rest[authority.rfind("@") + 1 :] if mark else url


def _slashes(url: str) -> str:
    """Backslashes before the query are slashes to browsers."""
    path, rest = re.match(r"([^?#]*)(.*)", url, re.DOTALL).groups()  # type: ignore[union-attr]
    return path.replace("\\", "/") + rest


def _normal(url: str) -> str:
    """An address with scheme and authority, spelt in ASCII; "" where its host or port is impossible."""
    try:
        parts = urlsplit(_slashes(url))
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        return ""
    if not host or parts.scheme not in ("http", "https"):
        return ""
    default = port is None or port == {"http": 80, "https": 443}[parts.scheme]
    authority = host if default else f"{host}:{port}"
    path = _escaped(parts.path or "/", _PATH)
    return urlunsplit(
        (parts.scheme, authority, path, _escaped(parts.query, _QUERY), _escaped(parts.fragment, _QUERY))
    )


def _escaped(part: str, safe: str) -> str:
    return quote(_LONE_PERCENT.sub("%25", part), safe=safe, errors="replace")


def _host(host: str) -> str:
    """A host name in lower-case ASCII or a bracketed IPv6 address; "" where it can be neither."""
    host = unquote(host)
    if ":" in host:
        return f"[{IPv6Address(host).compressed}]"
    if len(host) > 253:
        return ""
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError:
            return ""
    host = host.lower()
    return "" if _BAD_HOST.search(host) or not host.strip(".") or ".." in host else host


def _mailto(url: str) -> str:
    address, mark, query = url.replace(" ", "%20").partition("?")
    if not _MAILTO.fullmatch(address):
        return ""
    return "mailto:" + _escaped(address[7:], "%@!$&'*+,;=~-._") + mark + _escaped(query, _QUERY)


# ── ids ─────────────────────────────────────────────────────────────────────────────────────────

_IRI = re.compile(
    r"(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*):"
    r"(?:[!$&'()*+,;=:@/?#a-zA-Z0-9._~\xa0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U000dfffd-]"
    r"|%[0-9a-fA-F]{2})+"
)
_REGISTERED = frozenset(
    "http https tag urn ftp info doi mid news nntp acct ark at did dns geo hdl ipfs ipns ni oid sip sips tel "
    "xmpp web3 magnet gopher gemini dat hyper".split()
)
_ID_SCHEMES = _REGISTERED | {
    "yt",
    "oai",
    "uuid",
}  # in use as ids for many years: YouTube, archives of science
_TAG = re.compile(r"[A-Za-z0-9._@-]+,[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?:.*", re.DOTALL)  # RFC 4151, 2.1
_INVISIBLE = re.compile(r"[\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]")


def iri(id: str) -> str:
    """`id` itself, byte for byte, where it can serve as an atom:id (RFC 4287, 4.2.6; RFC 3987), else "".

    It must be absolute, of a scheme that names things, free of white space and of credentials.
    """
    match = _IRI.fullmatch(id)
    if not match or match["scheme"].lower() not in _ID_SCHEMES or _INVISIBLE.search(id) or id.count("#") > 1:
        return ""
    scheme, rest = match["scheme"].lower(), id[match.end("scheme") + 1 :]
    if scheme in ("http", "https", "ftp"):
        return id if rest.startswith("//") and public(id) == id and _has_host(id) else ""
    if scheme == "urn":
        return id if re.match(r"[a-zA-Z0-9][a-zA-Z0-9-]{0,31}:.", rest) else ""
    if scheme == "tag":
        return id if _TAG.fullmatch(rest) else ""
    return id if rest.strip("/:?#") else ""


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(_host(parts.hostname or "")) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


# ── comparing ───────────────────────────────────────────────────────────────────────────────────

_TRACKING = re.compile(
    r"(?i)(?:utm|mtm|pk|piwik|matomo|hsa|vero|at_(?:medium|campaign|custom\d))_.*|"
    r"(?:fb|g|dc|ms|tw|ttc|yc|wbr|gbr|igs|s_k?wc|mk)(?:clid|shid|aid)|fbclid|gclsrc|_ga|_gl|"
    r"mc_[ce]id|_hs(?:enc|mi)|__(?:hs\w+|twitter_impression|s)|ncid|cmpid|cmp|ocid|sr_share|"
    r"(?:ref|rss|feed)_?(?:src|url|source)|smid|smtyp|partner|at_(?:medium|campaign|custom\d)|"
    r"ns_(?:mchannel|source|campaign|linkname|fee)|xtor|wt[._](?:mc|rss)\w*|traffic_source|"
    r"maca|guccounter|guce_\w+|share|emci|emdi|ceid|sourceid|amp_js_v|usqp"
)
_AMP_VALUE = {"amp": None, "output": "amp", "outputtype": "amp"}
_AMP_PATH = re.compile(r"(?i)^/amp(?=/.)|/amp/?$|\.amp(?=$|\.html$)")
_MIRROR_HOST = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\..)")


def canonical(url: str) -> str:
    """A string that is equal for addresses which surely lead to the same article; "" for no http(s) address.

    For comparing, not for opening: scheme, `www.` and the like, default port, fragment, tracking parameters,
    AMP variants, the order of parameters, a trailing slash and the spelling of escapes make no difference.
    """
    url = absolute(url)
    if not url:
        return ""
    parts = urlsplit(url)
    host = _MIRROR_HOST.sub("", parts.netloc.rstrip("."))
    path = _AMP_PATH.sub("", re.sub(r"/{2,}", "/", _unreserved(parts.path))).rstrip("/")
    fields = parse_qsl(_unreserved(parts.query), keep_blank_values=True)
    query = urlencode(sorted(field for field in fields if not _is_tracking(*field)))
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return urlunsplit(("https", host, path, query, fragment))


def _is_tracking(name: str, value: str) -> bool:
    if (lower := name.lower()) in _AMP_VALUE:
        return _AMP_VALUE[lower] in (None, value.lower())
    return _TRACKING.fullmatch(name) is not None


def _unreserved(part: str) -> str:
    """Escapes that need not be one are undone, the others written in capitals (RFC 3986, 6.2.2)."""

    def spell(match: re.Match[str]) -> str:
        char = chr(int(match[1], 16))
        return char if char.isascii() and (char.isalnum() or char in "-._~") else match[0].upper()

    return _ESCAPE.sub(spell, part)
