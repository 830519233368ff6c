import os
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.config import hints, load, load_text
from aggregator.errors import ConfigError, InputError
from aggregator.model import Config, Hub, Polling, Source, Topic
from tests.config.contract import EVERY_KEY

SITE = "site: {title: Wire, url: https://wire.example.org/}\n"


def read(text: str, environ: dict[str, str] | None = None) -> Config:
    return load_text(text, environ or {}, "sources.yaml")


def every_key() -> Config:
    return read(EVERY_KEY, {"PARTNER_TOKEN": "s3cret"})


def test_every_key_arrives_as_what_it_means() -> None:
    config = every_key()
    assert (config.site.title, config.site.url) == ("Commons Wire", "https://wire.example.org/")
    assert (config.site.contact, config.site.timezone) == ("desk@example.org", "Asia/Seoul")
    assert config.polling == Polling(
        requests_per_hour=2000,
        at_once_per_host=3,
        pause_per_host=timedelta(seconds=0.5),
        allow_private=("127.0.0.0/8", "fd00::/8"),
        push=True,
    )
    assert dict(config.lists) == {"states": "China\nNorth Korea*\n=US\n", "cities": "Seoul\n1.10\nno"}


def test_a_source_in_its_long_form() -> None:
    assert every_key().source("long") == Source(
        id="long",
        feed="https://desk:pass@long.example.org/feed?key=1#top",
        title="1984",
        page="https://long.example.org/",
        republish="full",
        license="https://creativecommons.org/licenses/by-nc-sa/4.0/",
        permission="granted 2026-03-02 by their desk",
        pictures=True,
        topics=("peace",),
        weight=2.5,
        priority=10,
        only="category:world OR category:peace",
        skip="title:podcast",
        headers=(("Authorization", "Bearer s3cret"),),
        private=True,
        was=("length", "long-ago"),
        polling=Polling(
            shortest=timedelta(hours=12),
            longest=timedelta(hours=12),
            requests_per_hour=2,
            at_once_per_host=3,
            pause_per_host=timedelta(seconds=2),
        ),
    )


def test_a_source_in_its_short_form_takes_everything_from_the_site() -> None:
    config = every_key()
    assert config.source("short") == Source(
        id="short", feed="https://short.example.org/feed/", polling=config.polling
    )


def test_a_topic_with_every_key() -> None:
    assert every_key().topics[0] == Topic(
        id="kim",
        title="Kim Jong Un",
        description="He, and nobody else",
        match='title:"kim jong un"\n2 points: "kim jong un"\n',
        points_needed=2,
        only_if="list:states OR korea",
        strike_out="kim jong un's sister\n",
        implies=("north-korea",),
        was=("kim-jong-un",),
        examples_match=("Kim Jong Un speaks in Korea", "China hears Kim Jong Un"),
        examples_not=("Kim Kardashian and Jong's noodle bar",),
    )


def test_a_topic_without_a_title_is_called_after_its_id() -> None:
    assert every_key().topics[1].title == "North Korea"


def test_the_contract_example_leaves_no_field_of_a_source_or_topic_at_its_default() -> None:
    config = every_key()
    source, topic = config.source("long"), config.topics[0]
    assert [f.name for f in fields(Source) if getattr(source, f.name) == f.default] == []
    assert [f.name for f in fields(Topic) if getattr(topic, f.name) == f.default] == []


def test_the_smallest_file_is_a_site() -> None:
    config = read(SITE)
    assert (config.sources, config.topics, config.polling) == ((), (), Polling(push=True))


def test_hubs_are_asked_to_push_where_they_can_reach_us_or_where_the_operator_says_so() -> None:
    at_home = "site: {title: Wire, url: http://127.0.0.1:8080/}\n"
    sources = "sources:\n  a: https://a.example/feed\n  b: {feed: https://b.example/feed, push: no}\n"
    assert [one.polling.push for one in read(SITE + sources).sources] == [True, False]
    assert [one.polling.push for one in read(at_home + sources).sources] == [False, False]
    assert [one.polling.push for one in read(f"{at_home}polling: {{push: yes}}\n{sources}").sources] == [
        True,
        False,
    ]


def test_sections_may_be_left_empty() -> None:
    assert read(SITE + "polling:\nsources:\nlists:\ntopics:\n") == read(SITE)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_and_a_byte_order_mark_make_no_difference(ending: str, tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + EVERY_KEY.replace("\n", ending).encode())
    assert load(path, {"PARTNER_TOKEN": "s3cret"}) == every_key()


@pytest.mark.parametrize(
    "word", ["no", "1.10", "12:30", "0x10", "1e3", "null", "~", "2026-03-02", "=", "off"]
)
def test_what_yaml_calls_a_number_or_a_truth_stays_text(word: str) -> None:
    assert read(f"site: {{title: {word}, url: https://x.org}}").site.title == word


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"/sources\.yaml does not exist; [^.]+\.$"):
        load(tmp_path / "sources.yaml", {})


def test_a_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be read \(Is a directory\)"):
        load(tmp_path, {})


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text(SITE)
    path.chmod(0)
    with pytest.raises(InputError, match="Permission denied"):
        load(path, {})


def test_a_file_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_bytes(SITE.encode() + "# Türkei".encode("latin-1"))
    with pytest.raises(InputError, match="is not UTF-8 in line 2; save it as UTF-8"):
        load(path, {})


def test_a_file_is_named_as_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "sources.yaml"
    path.write_text("site: 1")
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    assert str(caught.value).startswith(f"{path}:1:7: site: ")


def test_a_first_run_is_told_what_to_fill_in() -> None:
    config = read("site: {title: Wire, url: http://localhost:8080/}\nsources: {a: https://a.org/}")
    assert hints(config) == (
        "Before others read this, fill in site.url and site.contact in config/sources.yaml.",
    )


def test_a_complete_configuration_gets_no_advice() -> None:
    assert hints(every_key()) == ()


@pytest.mark.parametrize(
    ("said", "site", "hub"),
    [
        ("", "https://wire.example.org", Hub("https://wire.example.org/hub", own=True)),
        ("", "http://localhost:8080/", Hub()),
        ("hub: on", "http://localhost:8080/", Hub("http://localhost:8080/hub", own=True)),
        ("hub: off", "https://wire.example.org", Hub()),
        ("hub: https://hub.example/", "https://wire.example.org", Hub("https://hub.example/")),
        ("hub: {use: No}", "https://wire.example.org", Hub()),
        (
            "hub: {sha1-for: [https://a.example/x/], allow-private: [10.0.0.0/8]}",
            "https://wire.example.org",
            Hub("https://wire.example.org/hub", True, ("https://a.example/x/",), ("10.0.0.0/8",)),
        ),
    ],
)
def test_the_hub_is_ours_where_others_can_reach_it_unless_the_operator_says_otherwise(
    said: str, site: str, hub: Hub
) -> None:
    assert read(f"site: {{title: Wire, url: {site}}}\n{said}\n").hub == hub
