"""The hub of a running program and a subscriber, on loopback."""

import hashlib
import hmac
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import feedparser
from sqlite_utils import Database

from tests.endtoend.program import TOPICS, Program, end
from tests.outlets import Outlets, running
from tests.subscribers import Subscriber, listening

TOPIC = "https://wire.example.org/world.atom"
HUB = "hub: {use: on, allow-private: [127.0.0.0/8]}\n"


def feed(*titles: str) -> bytes:
    items = "".join(
        f"<item><title>{title}</title><guid isPermaLink='false'>{title}</guid>"
        f"<link>https://outlet.example/{number}</link></item>"
        for number, title in enumerate(titles)
    )
    return f"<rss version='2.0'><channel><title>Outlet</title>{items}</channel></rss>".encode()


def titles(body: bytes) -> list[str]:
    return [entry.title for entry in feedparser.parse(body).entries]


@contextmanager
def started(program: Program) -> Iterator[str]:
    """`aggregator run`, and the address of its hub; killed at the end of the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = program.start("run", "--port", str(port))
    try:
        yield f"http://127.0.0.1:{port}/hub"
    finally:
        end(process, signal.SIGKILL)
        assert "Traceback" not in program.log.read_text()


def published(program: Program, title: str) -> bool:
    """Whether a feed shows it in time."""
    deadline, path = time.monotonic() + 20, program.feeds / "world.atom"
    while time.monotonic() < deadline:
        if path.exists() and title in path.read_text():
            return True
        time.sleep(0.05)
    return False


def arrived(program: Program, title: str) -> float:
    """When an item was stored, as the poll that brought it is dated."""
    rows = Database(program.database).query("select arrived from items where title = ?", [title])
    return float(next(iter(rows))["arrived"]) / 1_000_000


def test_a_subscriber_sees_news_within_two_seconds_and_kill_9_loses_none(tmp_path: Path) -> None:
    program, outlets, subscriber = Program(tmp_path), Outlets({"/feed": feed("Peace at last")}), Subscriber()
    with running(outlets), listening(subscriber):
        program.configure({"outlet": outlets.url("/feed")}, TOPICS + HUB)
        often = program.config.read_text().replace("polling:\n", "polling:\n  wait: 1s\n")
        program.config.write_text(often)
        with started(program) as hub:
            assert published(program, "Peace at last")
            assert subscriber.subscribe(hub, TOPIC, secret="s3cret") == 202
            assert subscriber.wait(asked=1)
            outlets.bodies["/feed"] = feed("Peace at last", "War again")
            assert subscriber.wait(sent=1)
            (sent,) = subscriber.sent
            assert titles(sent.body) == ["War again"]
            assert sent.at - arrived(program, "war again") < 2
            signed = hmac.new(b"s3cret", sent.body, hashlib.sha256).hexdigest()
            assert sent.headers["X-Hub-Signature"] == f"sha256={signed}"
            subscriber.deaf = True
            outlets.bodies["/feed"] = feed("Peace at last", "War again", "Elections at last")
            assert subscriber.wait(sent=2)
        subscriber.deaf = False
        with started(program):
            assert subscriber.wait(sent=3)
        assert [titles(one.body) for one in subscriber.sent[1:]] == [["Elections at last"]] * 2
