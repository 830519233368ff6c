"""Headless Chromium as judge of pages: what they ran, loaded, sent or hold that could do so."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

JUDGE = (Path(__file__).parent / "judge.js").read_text(encoding="utf-8")
# Reported, not enforced: the page may do what it wants, and every attempt is an event.
POLICY = (
    "default-src 'none'; script-src 'nonce-judge'; style-src 'self'; img-src {pictures}; "
    "form-action 'none'; base-uri 'none'; connect-src 'none'"
)
COURT = """<!doctype html><title>court</title><body><script>
const names = %s;
const frames = names.map((name) => {
  const frame = document.createElement("iframe");
  frame.sandbox = "allow-scripts allow-same-origin allow-forms"; // no dialog and no other top page
  frame.src = "/page/" + name;
  document.body.append(frame);
  return new Promise((done) => { frame.onload = () => done(frame); setTimeout(() => done(frame), 8000); });
});
function verdict(frame, name) {
  try {
    if (frame.contentWindow.location.pathname !== "/page/" + name) return ["navigated away"];
    return frame.contentWindow.judged();
  } catch (error) { return ["navigated away: " + error.name]; }
}
Promise.all(frames).then(async (frames) => {
  await new Promise((done) => setTimeout(done, 700));
  const verdicts = frames.map((frame, n) => [names[n], verdict(frame, names[n])]);
  await fetch("/verdict", { method: "POST", body: JSON.stringify(verdicts) });
});
</script>"""
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
).split()


@dataclass(frozen=True)
class Page:
    """A document to judge; `pictures` may come from elsewhere; `texts` are shown as HTML, each by itself."""

    html: str
    pictures: bool = False
    texts: tuple[str, ...] = ()


@dataclass
class _Court:
    pages: Mapping[str, Page]
    verdict: dict[str, list[str]] | None = None
    done: threading.Event = field(default_factory=threading.Event)


def available() -> bool:
    """Whether the judge is in town."""
    return shutil.which("chromium") is not None


def verdicts(pages: Mapping[str, Page], profile: Path) -> dict[str, list[str]]:
    """What each page did wrong, by its name; every address of the world leads to a server of our own."""
    court = _Court(pages)
    with _sitting(court) as port:
        command = [
            "chromium",
            *FLAGS,
            f"--user-data-dir={profile}",
            f"--host-resolver-rules=MAP *.test 127.0.0.1:{port}, MAP * ~NOTFOUND",
            f"http://court.test:{port}/",
        ]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as browser:
            came = court.done.wait(timeout=60)
            browser.kill()
    assert came, "Chromium gave no verdict within a minute"
    assert court.verdict is not None
    return court.verdict


@contextmanager
def _sitting(court: _Court) -> Iterator[int]:
    class Bench(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.removeprefix("/page/")
            if not self.headers.get("Host", "").startswith("court.test"):
                self._say(404, "")
            elif self.path == "/":
                self._say(200, COURT % json.dumps(list(court.pages)))
            elif name in court.pages:
                page = court.pages[name]
                self._say(200, _presided(page), POLICY.format(pictures="*" if page.pictures else "'self'"))
            else:
                self._say(404, "")

        def do_POST(self) -> None:
            if self.path == "/verdict":
                court.verdict = dict(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self._say(204, "")
            if self.path == "/verdict":
                court.done.set()

        def _say(self, status: int, body: str, policy: str = "") -> None:
            data = body.encode()
            self.send_response(status)
            if policy:
                self.send_header("Content-Security-Policy-Report-Only", policy)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Bench)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def _presided(page: Page) -> str:
    """The page with the judge before everything else in it."""
    texts = json.dumps(list(dict.fromkeys(page.texts))).replace("<", "\\u003c")
    judge = (
        f'<script nonce="judge">{JUDGE}</script><script id="texts" type="application/json">{texts}</script>'
    )
    head, mark, rest = page.html.partition("<head>")
    return head + mark + judge + rest if mark else f"<!doctype html><head>{judge}</head>{page.html}"
