"""The small answers that are no documents: errors, redirects, and what a browser asks beforehand."""

from html import escape

from aiohttp import web

from aggregator.web import headers

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="icon" href="{home}favicon.svg">
<link rel="stylesheet" href="{home}style.css">
</head>
<body>
<main class="notice">
<h1>{title}</h1>
<p>{sentence}</p>
<p><a href="{home}">To the start page</a></p>
</main>
</body>
</html>
"""
_METHODS = "GET, HEAD, OPTIONS"
_TITLES = {
    400: "That request makes no sense",
    404: "There is nothing here",
    405: "This can only be read",
    406: "No encoding that you accept",
    410: "This topic has ended",
    412: "It has changed",
    500: "Something went wrong here",
    503: "Not at the moment",
}
_BRIEFLY = "public, max-age=60"
_DEEPEST = 9


def error(status: int, sentence: str, path: str = "/", **fields: str) -> web.Response:
    """A page that says in a sentence what is wrong; `path` is the one that was asked for, with its slash."""
    caching = {"Cache-Control": _BRIEFLY if status in (404, 410) else headers.NOT_CACHED}
    sharing = headers.SHARING if headers.is_shared(path) else {}
    return _page(status, _TITLES[status], sentence, path, **{**caching, **sharing, **fields})


def hub() -> web.Response:
    """What a person finds who follows the address of the hub."""
    return _page(
        200,
        "This address is for programs",
        "It is a WebSub hub: a feed reader that subscribes here to one of this site’s feeds is sent what is"
        " new at once. Readers that can do so find it by themselves.",
        "/hub",
        **{"Cache-Control": _BRIEFLY},
    )


def _page(status: int, title: str, sentence: str, path: str, **fields: str) -> web.Response:
    home = "../" * min(path.count("/") - 1, _DEEPEST) or "./"
    return web.Response(
        status=status,
        text=_PAGE.format(title=escape(title), sentence=escape(sentence), home=home),
        content_type="text/html",
        charset="utf-8",
        headers={**headers.ALWAYS, **headers.PAGE_SECURITY, **fields},
    )


def not_found(path: str) -> web.Response:
    """No document has this address."""
    return error(404, "The address may be misspelt, or what stood here was taken away.", path)


def nothing_published() -> web.Response:
    """The start page is missing: nothing was ever published into this folder."""
    return error(404, "Nothing has been published yet. Look again in a minute.")


def gone(path: str) -> web.Response:
    """The feed has ended; a reader may forget its address (RFC 9110, 15.5.11)."""
    return error(410, "It is not published any more; please remove its address from your feed reader.", path)


def not_acceptable(path: str) -> web.Response:
    """The client rules out every content coding, even none at all (RFC 9110, 12.5.3)."""
    return error(406, "Documents here come as they are, or with br, zstd or gzip.", path)


def precondition_failed(path: str) -> web.Response:
    """What the client wanted as it knew it is another by now (RFC 9110, 15.5.13)."""
    return error(412, "This document is not the one that your program asked for any more.", path)


def not_allowed(path: str) -> web.Response:
    """Documents are read, never written (RFC 9110, 15.5.6)."""
    return error(405, "Documents here are read with GET or HEAD.", path, Allow=_METHODS)


def busy(path: str) -> web.Response:
    """Too many ask for what takes time."""
    sentence = "Too many people search at once. Try again in a few seconds."
    return error(503, sentence, path, **{"Retry-After": "5"})


def unavailable(path: str) -> web.Response:
    """There is nothing to search in, or it cannot be read."""
    sentence = "There is nothing to search in yet, or it cannot be read. Try again in a minute."
    return error(503, sentence, path, **{"Retry-After": "60"})


def options(path: str, methods: str = _METHODS) -> web.Response:
    """Which methods there are, and whether other sites may use them (RFC 9110, 9.3.7; Fetch, 4.8)."""
    sharing = headers.PREFLIGHT if headers.is_shared(path) else {}
    return web.Response(status=204, headers={**headers.ALWAYS, "Allow": methods, **sharing})


def moved(location: str, path: str) -> web.Response:
    """The document has another address for good; a relative `location` holds on any host and prefix."""
    sharing = headers.SHARING if headers.is_shared(path) else {}
    fields = {"Location": location, "Cache-Control": "public, max-age=3600"}
    return web.Response(status=301, headers={**headers.ALWAYS, **sharing, **fields})


def meanwhile(location: str, path: str) -> web.Response:
    """Another document stands for this one until there is one (RFC 9110, 15.4.8)."""
    sharing = headers.SHARING if headers.is_shared(path) else {}
    fields = {"Location": location, "Cache-Control": _BRIEFLY}
    return web.Response(status=307, headers={**headers.ALWAYS, **sharing, **fields})


def see_page(location: str) -> web.Response:
    """A person opened a feed: the page about the same is for them, this time (RFC 9110, 15.4.4)."""
    fields = {"Location": location, "Cache-Control": headers.NOT_CACHED}
    return web.Response(
        status=303, headers={**headers.ALWAYS, **fields, "Vary": "Accept-Encoding, Sec-Fetch-Dest"}
    )
