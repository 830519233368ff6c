"""Times that a person reads are in the site's zone, with its name; programs get ISO 8601 in UTC."""

import logging
from pathlib import Path

from aggregator.adapters import log
from tests.cli.newsdesk import HEAD, NewsDesk, item

WORLD = "topics:\n  world: {title: World, match: world}\n"
THERE = HEAD.replace("site:\n", "site:\n  timezone: America/Sao_Paulo\n")


def test_the_log_is_in_the_zone_of_the_configuration_in_force(desk: NewsDesk) -> None:
    desk.write(WORLD, THERE)
    desk.store(item("Peace"))
    assert desk.run("sources").err == ""
    desk.write("topics: [\n", THERE)
    line = desk.run("sources").err.splitlines()[0]
    assert line.split()[2:6] == ["UTC-03", "warning:", "the", "last"]


def test_what_the_log_says_of_stored_times_is_in_that_zone_too(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w+") as stream:
        log.configure(stream=stream)
        for zone in ("America/Sao_Paulo", "Europe/Berlin"):
            log.tell_times_in(zone)
            logging.getLogger("aggregator").info("hub.example pushes until 2026-02-17 23:30 UTC")
        stream.seek(0)
        lines = stream.read().splitlines()
    told = [line.partition("until ")[2] for line in lines]
    assert told == [
        "2026-02-17 20:30 UTC-03",
        "2026-02-18 00:30 CET",
    ]
