"""Where we go past the documented interface of a library, its names are still there.

When one of these fails after an upgrade, the sentence says what of ours no longer works. Such libraries have
an upper bound in `requirements/run.in`; raise it once these tests and all others pass.
"""

import asyncio
import inspect
import re
from functools import partial
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.client_proto import ResponseHandler
from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from feedparser import api, sanitizer, util
from feedparser.api import LooseFeedParser, StrictFeedParser

REQUIREMENTS = Path(__file__).parents[1] / "requirements" / "run.in"
HANDLER = "answers are no longer rewritten before they are parsed (adapters/responses.py)"
STRUCTURE = "nested elements overwrite an entry's own (parse/xml/structure.py, parse/xml/strict.py)"
TEXTS = "texts are no longer repaired and unwrapped where feedparser reads them (parse/xml/strict.py)"

NAMES = [
    (ResponseHandler, "set_response_params data_received set_exception force_close exception", HANDLER),
    (
        ResponseHandler,
        "_reschedule_timeout",
        "a slow head no longer counts as activity (adapters/responses.py)",
    ),
    (
        web.RequestHandler,
        "connection_made connection_lost",
        "connections are not counted (web/connections.py)",
    ),
    (StrictFeedParser, "_start_rss _start_link _add_tag _get_context push_content", STRUCTURE),
    (LooseFeedParser, "_start_rss _start_link _add_tag _get_context push_content", STRUCTURE),
    (StrictFeedParser, "decode_entities", TEXTS),
    (LooseFeedParser, "decode_entities", TEXTS),
    (api, "SUPPORTED_VERSIONS", "the names of formats are unknown (parse/xml/documents.py)"),
    (sanitizer, "replace_doctype", "documents with a doctype are not read (parse/xml/strict.py)"),
    (util, "FeedParserDict", TEXTS),
    (
        FeedGenerator,
        "register_extension add_entry",
        "our extension of documents is not called (outputs/renderer.py)",
    ),
    (FeedEntry, "register_extension", "our extension of entries is not called (outputs/renderer.py)"),
    (
        BaseExtension,
        "extend_atom extend_rss",
        "our extension of documents is not called (outputs/extension.py)",
    ),
    (
        BaseEntryExtension,
        "extend_atom extend_rss",
        "our extension of entries is not called (outputs/extension.py)",
    ),
]


@pytest.mark.parametrize(
    ("owner", "names", "lost"),
    NAMES,
    ids=[f"{owner.__name__}-{names.split()[0]}" for owner, names, _ in NAMES],
)
def test_what_we_build_on_is_there(owner: object, names: str, lost: str) -> None:
    assert [name for name in names.split() if not hasattr(owner, name)] == [], lost


def test_connections_of_aiohttps_client_are_made_and_known_as_we_expect() -> None:
    async def look() -> None:
        connector = aiohttp.TCPConnector()
        assert isinstance(connector._factory, partial), HANDLER
        assert connector._factory.func is ResponseHandler, HANDLER
        made = ResponseHandler(connector._loop)
        looked_at = ("_parser", "_upgraded", "_payload", "transport")
        assert [one for one in looked_at if not hasattr(made, one)] == [], HANDLER
        await connector.close()

    asyncio.run(look())


def test_feedparsers_parsers_have_the_states_that_we_look_at() -> None:
    parser = StrictFeedParser("", None, "utf-8")
    looked_at = ("contentparams", "elementstack", "incontent", "namespaces_in_use", "version", "infeed")
    assert [one for one in looked_at if not hasattr(parser, one)] == [], STRUCTURE


def test_what_we_go_past_the_interface_of_has_an_upper_bound() -> None:
    bounded = dict(re.findall(r"^([\w.-]+)(~=|<)", REQUIREMENTS.read_text("utf-8"), re.MULTILINE))
    assert {
        owner.__module__.split(".")[0] for owner, _, _ in NAMES if inspect.isclass(owner)
    } <= bounded.keys()
