"""A partner's page in headless Chromium, with our files a site away: what it shows, asks for and violates."""

import json
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aggregator import outputs
from aggregator.web import headers
from tests.outputs.samples import CONFIG, FEED
from tests.safety import chromium

OURS, THEIRS = "http://wire.test", "http://partner.test"
STRICT = f"default-src 'none'; script-src {OURS} 'nonce-judge'; connect-src {OURS}; frame-src {OURS}"
EMBED = next(one.body for one in outputs.front(CONFIG, [FEED]) if one.path == "embed.js")
JUDGE = (Path(__file__).parent / "abroad.js").read_text(encoding="utf-8")
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Partner</title>
<script nonce="judge">{judge}</script>{script}</head><body>{body}</body></html>"""
NAIVE = """<script nonce="judge">
addEventListener("DOMContentLoaded", async () => {
  const feed = await (await fetch("http://wire.test/hostile.json")).json();
  const element = document.querySelector("topic-feed");
  element.attachShadow({ mode: "open" }).innerHTML =
    feed.items.map((item) => `<a href="${item.url}">${item.title}</a>`).join("");
  element.dispatchEvent(new Event("load"));
});
</script>"""
"""An embed as it must not be, for a judge that is to see the difference."""


@dataclass
class Seen:
    """What the browser told and asked; `elements` by their ids, as `abroad.js` describes them."""

    elements: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)  # paths and headers


def visit(
    body: str, files: Mapping[str, bytes], profile: Path, *, script: str = "", policy: str = STRICT
) -> Seen:
    """Open a partner's page with that body, once every topic-feed in it is loaded, or failed."""
    script = script or f'<script src="{OURS}/embed.js"></script>'
    page = PAGE.format(judge=JUDGE, script=script, body=body).encode()
    seen, done = Seen(), threading.Event()
    with _sites(page, policy, {"/embed.js": EMBED, **files}, seen, done) as port:
        rules = f"--host-resolver-rules=MAP *.test 127.0.0.1:{port}, MAP * ~NOTFOUND"
        command = ["chromium", *chromium.FLAGS, f"--user-data-dir={profile}", rules, f"{THEIRS}/"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as browser:
            came = done.wait(timeout=60)
            browser.kill()
    assert came, "Chromium gave no verdict within a minute"
    return seen


@contextmanager
def _sites(
    page: bytes, policy: str, files: Mapping[str, bytes], seen: Seen, done: threading.Event
) -> Iterator[int]:
    class Sites(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if self.headers.get("Host", "").startswith("partner.test"):
                self._say(200 if path == "/" else 404, page, {"Content-Security-Policy": policy})
                return
            seen.asked.append((self.path, dict(self.headers)))
            body = files.get(path)
            if body is None:
                self._say(404, b"nothing here", headers.SHARING)
                return
            described = headers.describing(path[1:], body, noindex=False)
            self._say(200, body, {**described, "Set-Cookie": "reader=1; Path=/"})

        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.elements, seen.faults = told["elements"], told["faults"]
            self._say(204, b"", headers.SHARING)
            done.set()

        def _say(self, status: int, body: bytes, fields: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "text/html; charset=utf-8", **fields}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Sites)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
