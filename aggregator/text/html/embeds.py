"""What becomes of pictures and embedded players in an article: which address they stand for, if any."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from aggregator.text import urls

LAZY = ("data-src", "data-lazy-src", "data-original", "data-orig-file", "data-large-file", "data-hi-res-src")
"""Where pages that load pictures late keep the address of the real one."""
SETS = ("data-srcset", "data-lazy-srcset", "srcset")
"""Where several sizes of a picture are listed."""
PLAYER_ATTRIBUTES = ("src", "data-src", "data-lazy-src", "data", "title", "width", "height")
"""What an embedded player says of itself; its address first."""

_BEACON_HOSTS = re.compile(
    r"(?i)(?:^|\.)(?:doubleclick\.net|quantserve\.com|scorecardresearch\.com|google-analytics\.com|"
    r"googlesyndication\.com|googleadservices\.com|googletagmanager\.com|feedsportal\.com|chartbeat\.(?:com|net)|"
    r"statcounter\.com|sitemeter\.com|imrworldwide\.com|adnxs\.com|taboola\.com|outbrain\.com|criteo\.com|"
    r"feedsburner\.com|pheedo\.com|feedblitz\.com|mf\.gd|da\.feedsportal\.com|pixel\.[a-z0-9.-]+|"
    r"pixel|(?:stats|pixel)\.wp\.com|stats\.wordpress\.com|counter\.theconversation\.[a-z]+|hits\.[a-z0-9.-]+)$"
)
_BEACON_ADDRESS = re.compile(
    r"(?i)feeds\.feedburner\.com/~(?:r|ff|a|4)/|feeds\.wordpress\.com/1\.0/|blogger\.googleusercontent\.com/tracker/|"
    r"feedproxy\.google\.com/~|/(?:1x1|pixel|spacer|blank|clear|transparent|count|counter|beacon|track|trans)"
    r"\.(?:gif|png|php|aspx?)(?:$|[?#])|[?&]republication-pixel=|/tracking-pixel|facebook\.com/tr[/?]"
)
_HIDDEN = re.compile(
    r"(?i)display\s*:\s*none|visibility\s*:\s*hidden|(?:^|[;\s])(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|$|!)"
)
_TINY = re.compile(r"\s*0*[01](?:\.0+)?\s*(?:px)?\s*")
_WATCH = (
    (re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v)/([\w-]{11})(?![\w-])"), r"https://www.youtube.com/watch?v=\1"),
    (re.compile(r"https?://player\.vimeo\.com/video/(\d+)"), r"https://vimeo.com/\1"),
    (re.compile(r"https?://(?:www\.)?dailymotion\.com/embed/video/(\w+)"), r"https://www.dailymotion.com/video/\1"),
)  # fmt: skip


def picture(attributes: Mapping[str, str], base: str) -> str:
    """The address of the picture that an `img` with these attributes shows; "" for beacons."""
    if any(_TINY.fullmatch(attributes.get(side, "")) for side in ("width", "height")):
        return ""
    if _HIDDEN.search(attributes.get("style", "")):
        return ""
    late = [attributes.get(name, "") for name in LAZY]
    listed = [_largest(attributes.get(name, "")) for name in SETS]
    for candidate in filter(None, (*late, *listed[:2], attributes.get("src", ""), listed[2])):
        if url := urls.absolute(candidate, base):
            return "" if is_beacon(url) else url
    return ""


def is_beacon(url: str) -> bool:
    """Whether an address is known to count readers or to sell something rather than to show a picture."""
    return bool(_BEACON_HOSTS.search(urlsplit(url).hostname or "") or _BEACON_ADDRESS.search(url))


def player(attributes: Mapping[str, str], base: str) -> str:
    """The address that an embedded player can be opened at by itself; "" where there is none."""
    if any(_TINY.fullmatch(attributes.get(side, "")) for side in ("width", "height")):
        return ""
    for name in PLAYER_ATTRIBUTES[:4]:
        if url := urls.absolute(attributes.get(name, ""), base):
            return "" if is_beacon(url) else _watch(url)
    return ""


def _watch(url: str) -> str:
    """The page of a video instead of its bare player."""
    for pattern, page in _WATCH:
        if match := pattern.match(url):
            return match.expand(page)
    return url


def _largest(candidates: str) -> str:
    """The candidate of a `srcset` with the greatest width or density."""
    best, most = "", -1.0
    for match in re.finditer(r"(\S*[^\s,])(?:\s+(\d{1,6}(?:\.\d{1,3})?)[wx])?\s*(?:,|$)", candidates[:8192]):
        if (size := float(match[2] or 1)) > most:
            best, most = match[1], size
    return best
