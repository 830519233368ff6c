"""Where the web part runs all the time and the poller now and then: requests wait for its next pass."""

import asyncio
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import feedparser

from aggregator.service.hub_desk import HubDesk
from aggregator.service.passes import poll_once
from aggregator.service.settings import Settings, read_config
from aggregator.websub.hub import Refusal
from tests.outlets import Outlets, running
from tests.subscribers import Subscriber, listening

CONFIG = """
site: {{title: Wire, url: https://wire.example.org/}}
hub: {{use: on, allow-private: [127.0.0.0/8]}}
polling: {{allow-private: [127.0.0.0/8], per-host: {{pause: 0s}}}}
sources: {{outlet: "{url}"}}
"""
TOPIC = "https://wire.example.org/all.atom"


def feed(*titles: str) -> bytes:
    items = "".join(
        f"<item><title>{one}</title><guid isPermaLink='false'>{one}</guid></item>" for one in titles
    )
    return f"<rss version='2.0'><channel><title>Outlet</title>{items}</channel></rss>".encode()


def test_a_pass_of_the_poller_verifies_what_the_web_part_took_in_and_delivers(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "sources.yaml", tmp_path / "store.db", tmp_path / "feeds")
    desk = HubDesk(settings, lambda: read_config(settings))

    def poll() -> None:
        watching: Any = lambda total, what: nullcontext(lambda event: None)  # noqa: E731
        asyncio.run(poll_once(settings, ["outlet"], everything=False, force=True, watching=watching))

    def ask(topic: str) -> Refusal | None:
        form = {"hub.mode": "subscribe", "hub.topic": topic, "hub.callback": subscriber.url}
        return desk.ask(list(form.items()), "192.0.2.1")

    outlets, subscriber = Outlets({"/feed": feed("one")}), Subscriber()
    with running(outlets), listening(subscriber):
        settings.config.write_text(CONFIG.format(url=outlets.url("/feed")))
        poll()
        assert desk.is_open()
        assert desk.link("all.atom") == f'<https://wire.example.org/hub>; rel="hub", <{TOPIC}>; rel="self"'
        assert (desk.link("index.html"), desk.link("nothing.atom")) == ("", "")
        refused = ask(TOPIC + "?x")
        assert refused is not None
        assert refused.status == 404
        assert (ask(TOPIC), subscriber.asked) == (None, [])
        outlets.bodies["/feed"] = feed("one", "two")
        poll()
        assert [one["hub.mode"] for one in subscriber.asked] == ["subscribe"]
        outlets.bodies["/feed"] = feed("one", "two", "three")
        poll()
    (sent,) = subscriber.sent
    assert [entry.title for entry in feedparser.parse(sent.body).entries] == ["three"]
