"""A format is a row of `FORMATS`: with it feeds are published, checked, linked, pushed and served in it."""

import json
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import json, sys
from aggregator.outputs import composition, formats
from aggregator.outputs.checks.xml import UnreadableError

def frame(feed):
    return f"# {feed.title}\\n".encode(), b"-- end\\n"

def entry(shown, site):
    return f"{shown.id} {shown.title}\\n".encode()

def read_frame(frame):
    if not frame.head.startswith(b"# ") or frame.tail != b"-- end\\n":
        raise UnreadableError("it has no title or no end")
    return (), ()

def read_entry(body, scope):
    faults = ["it shouts"] if body.isupper() or b"!" in body else []
    return (body.decode().split(" ")[0],), faults

def read(body, entries):
    lines = body.decode().split("\\n")[1:-2]
    return tuple(line.split(" ")[0] for line in lines), ()

rules = composition.FormatRules(read_frame, read_entry, read)
row = formats.Format(".lines", "text/x-lines", "Lines", frame, entry, rules, "text/plain")
known = formats.FORMATS
for module in list(sys.modules.values()):  # as if the row had been there before the package was imported
    if getattr(module, "FORMATS", None) is known:
        module.FORMATS = (*known, row)

from aggregator.web import headers
from tests.pipeline.test_journey import Journey, rss

journey = Journey()
feed = rss("Peace talks resume", "War is over!", "Ceasefires hold")
journey.world.bodies["https://daily.example/feed"] = feed
journey.cycle()
print(json.dumps({
    "document": journey.world.files["peace.lines"].decode(),
    "all": journey.world.files["all.lines"].decode(),
    "page": journey.world.files["peace.html"].decode(),
    "faults": [one.sentence for one in journey.store.quarantined()],
    "served": headers.is_feed("peace.lines"),
    "type": headers.media_type("peace.lines", b"# x"),
    "shown": headers.media_type("peace.lines", b"# x", shown=True),
    "others": sorted(path for path in journey.world.files if path.startswith("peace.")),
}))
"""


def test_a_toy_format_is_published_checked_and_served() -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=root, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)
    assert found["document"].startswith("# Peace")
    assert found["document"].count("\n") == 4  # two entries in a frame
    assert "Peace talks resume" in found["document"]
    assert "War is over" not in found["all"]
    assert found["faults"] == ["it shouts"]
    assert 'href="peace.lines"' in found["page"]
    assert found["others"] == ["peace.atom", "peace.html", "peace.json", "peace.lines", "peace.rss"]
    assert (found["served"], found["type"]) == (True, "text/x-lines; charset=utf-8")
    assert found["shown"] == "text/plain"
