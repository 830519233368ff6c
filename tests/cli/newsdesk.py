"""A configuration and a store as an operator has them, in a folder, and the commands run in this process."""

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from aggregator import config
from aggregator.cli import program
from aggregator.model import Config, Item, PollResult, Tagged
from aggregator.store.sqlite import SqliteStore
from aggregator.topics.tagging import decisions, open_tagging

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
_NOT_IN_IRIS = str.maketrans("", "", "<>")
HEAD = """\
site:
  title: Test Wire
  url: https://wire.example.org/
  contact: desk@example.org
sources:
  daily: https://daily.example/feed
  weekly:
    feed: https://weekly.example/feed
    topics: [world]
"""


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    out: str
    code: int
    err: str = field(default="", compare=False)

    @property
    def facts(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class NewsDesk:
    """One installation below `folder`."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "sources.yaml"

    @property
    def database(self) -> Path:
        return self.folder / "aggregator.db"

    def write(self, topics: str, head: str = HEAD) -> None:
        """Edit the configuration."""
        self.config.write_text(head + topics, encoding="utf-8")

    def configured(self) -> Config:
        """What the files say, whether the examples hold or not."""
        desk = config.desk_text(self.folder / config.DESK)
        return config.load_text(self.config.read_text("utf-8"), {}, "sources.yaml", examples=False, desk=desk)

    def store(self, *items: Item) -> None:
        """Take items in as polls of their sources do, tagged by the rules as they are now."""
        cfg = self.configured()
        tagging = open_tagging(cfg)
        with closing(SqliteStore.open(self.database)) as store:
            store.namespace("tag:wire.example.org,2026:test")
            store.sync(cfg.sources, NOW)
            for source in cfg.sources:
                own = [item for item in items if item.source == source.id]
                (claim,) = store.claim(NOW, timedelta(hours=1), 1, [source.id])
                memory = replace(claim.memory, polled=NOW, good=NOW, next_poll=NOW)
                tagged = tuple(Tagged(item, tagging.tag(item), tagging.version(source.id)) for item in own)
                store.record(PollResult(claim, NOW, memory, "new", tagged))

    def decide(self, desk: str) -> None:
        """Write desk.yaml and put it in force."""
        self.config.with_name("desk.yaml").write_text(desk, encoding="utf-8")
        cfg = self.configured()
        with closing(SqliteStore.open(self.database)) as store:
            store.decide(decisions(cfg), NOW)

    def run(self, *words: str, text: str | bytes = "") -> Said:
        """Run a command; `text` is its standard input."""
        where = {"AGGREGATOR_CONFIG": str(self.config), "AGGREGATOR_DATABASE": str(self.database)}
        done = CliRunner(env=where).invoke(program, words, input=text, standalone_mode=False)
        if done.exception is None or isinstance(done.exception, SystemExit):
            return Said(self._nameless(done.stdout), done.exit_code, self._nameless(done.stderr))
        code, err = getattr(done.exception, "exit_code", 99), self._nameless(done.stderr)
        return Said(self._nameless(f"{done.exception}\n"), code, err)

    def _nameless(self, text: str) -> str:
        return text.replace(f"{self.folder}/", "")


def item(title: str, text: str = "", source: str = "daily", number: int = 0) -> Item:
    """An item that is named after its title."""
    slug = "-".join(title.lower().translate(_NOT_IN_IRIS).split())
    url = f"https://{source}.example/{slug}"
    published = NOW - timedelta(hours=number)
    return Item(source, f"{source} {slug}", id=url, url=url, title=title, text=text, published=published)


def items(titles: Sequence[str], source: str = "daily") -> list[Item]:
    """Items of these titles, each an hour older than the one before."""
    return [item(title, source=source, number=number) for number, title in enumerate(titles)]
