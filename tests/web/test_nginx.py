"""The configurations that docs/deploy.md shows do with the real nginx what it says of them."""

import asyncio
import os
import re
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import pytest

from aggregator.adapters.codings import COMPRESSED
from aggregator.adapters.disk import Folder
from tests.web.served import Answer, Client, plain_session, serving

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "deploy.md"
T = TypeVar("T")
FRAME = """
{user} daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  {block}
}}
"""
pytestmark = pytest.mark.skipif(
    shutil.which("nginx") is None, reason="nginx is not installed (Debian: apt-get install nginx-light)"
)


def shown(number: int) -> str:
    """The nginx configuration that stands at that place in the documentation."""
    found: list[str] = re.findall(r"```nginx\n(.*?)```", DOCUMENTATION.read_text(encoding="utf-8"), re.DOTALL)
    return found[number]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def nginx(folder: Path, block: str) -> AsyncIterator[Client]:
    port = free_port()
    block = block.replace("listen 80", f"listen 127.0.0.1:{port}")
    user = "user root;" if os.geteuid() == 0 else ""  # else its worker could not read our temporary folder
    (folder / "nginx.conf").write_text(FRAME.format(user=user, folder=folder, block=block))
    process = subprocess.Popen(
        ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.PIPE, text=True
    )
    try:
        await until_it_listens(process, port)
        async with plain_session() as session:
            yield Client(port, session)
    finally:
        process.terminate()
        process.communicate(timeout=10)


async def until_it_listens(process: "subprocess.Popen[str]", port: int) -> None:
    for _ in range(200):
        if process.poll() is not None:
            pytest.fail(f"nginx refuses the configuration: {process.communicate()[1]}")
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.02)
        else:
            writer.close()
            return
    pytest.fail("nginx does not listen")


def behind(root: Path, use: Callable[[Client], Awaitable[T]]) -> T:
    """nginx in front of the web process."""

    async def run() -> T:
        async with (
            serving(root) as ours,
            nginx(root.parent, shown(0).replace("127.0.0.1:8080", f"127.0.0.1:{ours.port}")) as client,
        ):
            return await use(client)

    return asyncio.run(run())


def direct(root: Path, use: Callable[[Client], Awaitable[T]]) -> T:
    """nginx serving the folder."""

    async def run() -> T:
        async with nginx(root.parent, shown(1).replace("/srv/aggregator/feeds", str(root))) as client:
            return await use(client)

    return asyncio.run(run())


def test_behind_nginx_etags_codings_and_304s_pass_unharmed(root: Path) -> None:
    async def twice(client: Client) -> tuple[Answer, Answer]:
        first = await client.ask("/diplomacy.atom", Accept_Encoding="gzip")
        etag = first.headers["ETag"]
        return first, await client.ask("/diplomacy.atom", Accept_Encoding="gzip", If_None_Match=etag)

    first, second = behind(root, twice)
    assert (first.status, first.headers["Content-Encoding"]) == (200, "gzip")
    assert first.headers["ETag"].startswith('"')
    assert (second.status, second.headers["ETag"]) == (304, first.headers["ETag"])


def test_behind_nginx_a_person_is_sent_to_the_page(root: Path) -> None:
    async def opened(client: Client) -> Answer:
        return await client.ask("/diplomacy.atom", Sec_Fetch_Dest="document")

    answer = behind(root, opened)
    assert (answer.status, answer.headers["Location"]) == (303, "diplomacy.html")


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/diplomacy.html", "text/html; charset=utf-8"),
        ("/diplomacy.atom", "application/atom+xml; charset=utf-8"),
        ("/sources/wire.rss", "application/rss+xml; charset=utf-8"),
        ("/diplomacy.json", "application/feed+json"),
        ("/diplomacy/archive/000001.atom", "application/atom+xml; charset=utf-8"),
        ("/topics.opml", "text/x-opml; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
    ],
)
def test_nginx_serves_every_kind_of_document_itself(root: Path, path: str, media_type: str) -> None:
    answer = direct(root, lambda client: client.ask(path))
    assert (answer.status, answer.headers["Content-Type"]) == (200, media_type)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age" in answer.headers["Cache-Control"]


def test_nginx_leads_from_a_part_to_come_to_the_live_feed(root: Path) -> None:
    answer = direct(root, lambda client: client.ask("/diplomacy/archive/000002.atom"))
    assert (answer.status, answer.headers["Location"]) == (307, "/diplomacy.atom")
    part = direct(root, lambda client: client.ask("/diplomacy/archive/000001.atom"))
    assert "max-age=86400" in part.headers["Cache-Control"]


def test_nginx_itself_compresses_and_answers_304(root: Path) -> None:
    async def twice(client: Client) -> tuple[Answer, Answer]:
        first = await client.ask("/all.atom", Accept_Encoding="gzip")
        return first, await client.ask(
            "/all.atom", If_None_Match=first.headers["ETag"], Accept_Encoding="gzip"
        )

    first, second = direct(root, twice)
    assert first.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in ", ".join(first.headers.getall("Vary"))
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert second.status == 304


def test_nginx_itself_takes_what_was_compressed_before(root: Path) -> None:
    Folder(root).compress("diplomacy.atom", COMPRESSED)
    answer = direct(root, lambda client: client.ask("/diplomacy.atom", Accept_Encoding="gzip"))
    assert answer.body == (root / "diplomacy.atom.gz").read_bytes()


def test_nginx_itself_lets_partners_have_the_script_and_the_frame(root: Path) -> None:
    (root / "embed.js").write_text("customElements;")
    (root / "diplomacy" / "embed.html").write_text("<!doctype html>")

    async def both(client: Client) -> list[Answer]:
        return [
            await client.ask(path) for path in ("/embed.js", "/diplomacy/embed.html", "/diplomacy/2.html")
        ]

    script, frame, page = direct(root, both)
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert script.headers["Access-Control-Allow-Origin"] == "*"
    assert frame.headers["Content-Security-Policy"].endswith("frame-ancestors *")
    assert frame.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'")


def test_nginx_itself_sends_a_person_to_the_page(root: Path) -> None:
    async def opened(client: Client) -> list[Answer]:
        paths = ("/diplomacy.atom", "/diplomacy.atom?raw", "/withdrawn.json")
        return [await client.ask(path, Sec_Fetch_Dest="document") for path in paths]

    feed, raw, other = direct(root, opened)
    assert (feed.status, feed.headers["Location"].rpartition("/")[2]) == (303, "diplomacy.html")
    assert feed.headers["Cache-Control"] == "no-store"
    assert (raw.status, other.status) == (200, 200)


@pytest.mark.parametrize(
    "path", ["/README.md", "/.diplomacy.atom.tmp", "/diplomacy.atom.gz", "/sources/", "/x"]
)
def test_nginx_itself_shows_nothing_else(root: Path, path: str) -> None:
    assert direct(root, lambda client: client.ask(path)).status == 404
