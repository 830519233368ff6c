"""The pages as headless Chromium lays them out: for keyboards, screen readers, the dark and a phone."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import lxml.html
import pytest

from aggregator import outputs
from aggregator.feeds import selection
from tests import printing
from tests.outputs.samples import ARABIC, CONFIG, FEED, FULL, PODCAST, SUMMIT, entry, feed
from tests.safety import chromium

pytestmark = pytest.mark.skipif(not chromium.available(), reason="chromium is not installed")

JUDGE = (Path(__file__).parent / "accessible.js").read_text(encoding="utf-8")
STYLE = next(one.body for one in outputs.front(CONFIG, [FEED]) if one.path == "style.css").decode()
PICTURED = replace(PODCAST, id="urn:x:p", url="https://gazette.example.com/p")
LOOKS = {"dark-wide": (0, 1280), "light-phone": (1, 390)}
COURT = """<!doctype html><title>court</title><body><script>
const pages = %s, verdicts = { dark: matchMedia("(prefers-color-scheme: dark)").matches };
for (const [name, page] of Object.entries(pages)) {
  const frame = document.createElement("iframe");
  Object.assign(frame, { width: %d, height: 900, srcdoc: page });
  frame.onload = () => {
    frame.contentWindow.focus();
    verdicts[name] = frame.contentWindow.judged();
    if (Object.keys(verdicts).length > Object.keys(pages).length)
      document.documentElement.textContent = encodeURIComponent(JSON.stringify(verdicts));
  };
  document.body.append(frame);
}
</script>"""


def site() -> dict[str, str]:
    """Every kind of page."""
    shown = feed(
        *FEED.entries,
        entry(PICTURED, tags=(SUMMIT,)),
        entry(replace(ARABIC, id="urn:x:a"), hours=1),
        name="all",
    )
    found = selection.search("peace", "tag:wire.example.org,2026:feeds", FEED.entries)
    documents = [
        *printing.render(FEED, CONFIG, older=True),
        *printing.render(shown, CONFIG),
        *printing.render(feed(name="north-korea"), CONFIG),
        *outputs.front(CONFIG, [FEED, shown, feed(entry(FULL), name="north-korea")]),
        printing.older_page(FEED, CONFIG, 2, last=True),
    ]
    pages = {one.path: one.body.decode() for one in documents if one.path.endswith(".html")}
    pages["search.html"] = outputs.search(found, CONFIG, ".html").decode()
    pages["wrong.html"] = outputs.search(
        found, CONFIG, ".html", problem="line 1: what is\n  ^ that?"
    ).decode()
    return pages


def verdicts(pages: Mapping[str, str], look: str, folder: Path) -> dict[str, list[str]]:
    """What is wrong with each page in that look."""
    scheme, width = LOOKS[look]
    judged = {name: _presided(page) for name, page in pages.items()}
    court = folder / "court.html"
    court.write_text(COURT % (json.dumps(judged).replace("<", "\\u003c"), width), encoding="utf-8")
    flags = [
        *chromium.FLAGS,
        f"--user-data-dir={folder / look}",
        f"--blink-settings=preferredColorScheme={scheme}",
    ]
    command = ["chromium", *flags, "--virtual-time-budget=5000", "--dump-dom", court.as_uri()]
    told = subprocess.run(command, capture_output=True, timeout=60, check=True).stdout.decode()
    said = json.loads(unquote("".join(map(str, lxml.html.document_fromstring(told).itertext()))))
    assert said.pop("dark") is ("dark" in look)
    found: dict[str, list[str]] = said
    assert set(found) == set(pages)
    return found


def _presided(page: str) -> str:
    """The page with the judge and the style sheet in it, ahead of the policy that would keep them out."""
    head, mark, rest = page.partition("<head>")
    return f"{head}{mark}<script>{JUDGE}</script><style>{STYLE}</style>{rest}"


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_can_be_used_by_everybody(look: str, tmp_path: Path) -> None:
    assert {name: faults for name, faults in verdicts(site(), look, tmp_path).items() if faults} == {}


BROKEN = {
    "has no name": ('<nav aria-label="Topics">', "<nav>"),
    "has no alt": (' alt="The mediator"', ""),
    "h4 follows h1": ("<h2 ", "<h4 "),
    "stands outside": ("<main ", "<p>Advertisement</p><main "),
    "too little contrast": ('class="excerpt"', 'style="color: #8888" class="excerpt"'),
    "does not show its focus": ('class="outlet"', 'style="outline: none" class="outlet"'),
    "too small to hit": (
        '<a href="search.html">',
        '<a style="font-size: 4px; padding: 0" href="search.html">',
    ),
    "wider than the screen": ("<main ", '<main style="width: 3000px" '),
    "not one html[lang]": ('<html lang="en"', "<html"),
}


def test_the_judge_finds_what_is_broken(tmp_path: Path) -> None:
    page = site()["diplomacy.html"].replace("style-src &#39;self&#39;", "style-src &#39;unsafe-inline&#39;")
    assert all(good in page for good, _ in BROKEN.values())
    broken = {fault: page.replace(good, bad) for fault, (good, bad) in BROKEN.items()}
    found = verdicts(broken, "light-phone", tmp_path)
    assert {fault: faults for fault, faults in found.items() if not any(fault in one for one in faults)} == {}
