from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pydantic_core import PydanticCustomError

from aggregator.config import values
from aggregator.config.headers import header_name, header_value
from aggregator.model.configuration import Unset

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("convert", "written", "value"),
    [
        (values.duration, "30m", HOUR / 2),
        (values.duration, "1.5 Hours", 1.5 * HOUR),
        (values.duration, "90 minutes", 1.5 * HOUR),
        (values.duration, "2w", 336 * HOUR),
        (values.duration, "0", timedelta(0)),
        (values.duration, "366d", timedelta(days=366)),
        (values.span, "30m to 24h", (HOUR / 2, 24 * HOUR)),
        (values.span, "1h", (HOUR, HOUR)),
        (values.budget, "2000 per hour", 2000),
        (values.budget, "1 per minute", 60),
        (values.budget, "48 PER day", 2),
        (values.flag, "no", False),
        (values.flag, "True", True),
        (values.flag, "ON", True),
        (values.weight, "0.5", 0.5),
        (values.network, "10.1.2.3", "10.1.2.3/32"),
        (values.network, "fd00::/8", "fd00::/8"),
        (values.address, "http://[::1]:8080/feed", "http://[::1]:8080/feed"),
        (values.address, "https://북한.kr/피드", "https://북한.kr/피드"),
        (values.address, "https://127.0.0.1:1/a b".replace(" ", "%20"), "https://127.0.0.1:1/a%20b"),
        (
            values.address,
            "https://xn--bcher-kva.example/?feed=rss2",
            "https://xn--bcher-kva.example/?feed=rss2",
        ),
        (values.site_address, "https://x.org/wire", "https://x.org/wire/"),
        (values.contact, "desk@example.org", "desk@example.org"),
        (values.contact, "https://example.org/about", "https://example.org/about"),
        (values.language, "zh-Hant-TW", "zh-Hant-TW"),
        (values.timezone, "Asia/Seoul", "Asia/Seoul"),
        (values.identifier, "38-north", "38-north"),
        (values.text, "  two\n words ", "two words"),
        (header_name, "X-Api-Key", "X-Api-Key"),
    ],
)
def test_a_value_is_read_as_people_write_it(
    convert: Callable[[Any], Any], written: str, value: object
) -> None:
    assert convert(written) == value


@pytest.mark.parametrize(
    ("convert", "written"),
    [
        *(
            (values.duration, word)
            for word in ("30", "m", "-1m", "1e9d", "367d", "999999w", "٣m", "1m 30s", "inf s")
        ),
        *((values.span, word) for word in ("0s", "0", "2h to 1h", "1h to", "1h to 2h to 3h", "0.5s")),
        *(
            (values.budget, word)
            for word in ("2000", "0 per hour", "-1 per hour", "1.5 per hour", "9 per week")
        ),
        *((values.flag, word) for word in ("y", "1", "nope")),
        *((values.weight, word) for word in ("0", "0.0", "-1", "nan", "inf", "1e3", "1001", "1,5", "²")),
        *((values.network, word) for word in ("10.0.0.1/8", "example.org", "10.0.0.0/33", "1")),
        *(
            (values.address, word)
            for word in (
                "example.org",
                "//example.org/",
                "ftp://example.org/",
                "feed://example.org/",
                "javascript:alert(1)",
                "https://",
                "https:///x",
                "https://:443/",
                "https://user@/",
                "https://[::1",
                "https://<x>/",
                "https://a..b/",
                "https://xn--/",
                "https://example.org:0/",
                "https://example.org:99999/",
                "https://example.org:x/",
                "https://" + "a" * 70 + ".org/",
                "https://example.org/a b",
                "https://a.org/ https://b.org/",
            )
        ),
        *(
            (values.site_address, word)
            for word in ("https://x.org/?a", "https://x.org/#a", "https://a:b@x.org/")
        ),
        *(
            (values.contact, word)
            for word in ("desk", "a b@x.org", "a@b@c", "desk@ex\u0000.org", "ftp://x.org")
        ),
        *((values.language, word) for word in ("english", "en_US", "e", "en-", "123")),
        *(
            (values.timezone, word)
            for word in ("Europe", "../etc/passwd", "/etc/passwd", "utc+1", "Seoul", "")
        ),
        *((values.identifier, word) for word in ("", "A", "a_b", "a.b", "ä", "a" * 65, "a\n", "٣")),
        *((values.text, word) for word in ("", " \n", "a\x00b", "\ufffe")),
        *((header_name, word) for word in ("", "a b", "a:", "Host", "user-agent", "If-None-Match", "é")),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(convert: Callable[[Any], Any], written: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        convert(written)
    message = caught.value.context["message"] if caught.value.context else ""
    assert message.endswith(".")


@pytest.mark.parametrize("value", [None, [], ["a"], {}, {"a": "b"}])
def test_every_leaf_refuses_what_is_no_text(value: object) -> None:
    for convert in (values.text, values.block, values.flag, values.span, values.address, values.query):
        with pytest.raises(PydanticCustomError):
            convert(value)


def test_a_header_is_filled_in_from_the_environment() -> None:
    assert header_value(" Bearer ${A}-${B_2} ", {"A": "x", "B_2": "${A}\n"}) == "Bearer x-${A}"


@pytest.mark.parametrize("written", ["", "${A", "${}", "${A B}", "${TWO_LINES}", "a\nb"])
def test_a_header_that_cannot_be_filled_in_is_refused_without_its_value(written: str) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        header_value(written, {"TWO_LINES": "s3cret\nx"})
    assert "s3cret" not in str(caught.value.context)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("${MISSING}", "MISSING"),
        ("Bearer ${EMPTY}", "EMPTY"),
        ("${B}${A}-${B}${SET}", "B A"),
        ("${BLANK}", "BLANK"),
    ],
)
def test_a_header_whose_variables_are_not_set_names_them_and_holds_nothing(written: str, names: str) -> None:
    value = header_value(written, {"EMPTY": "", "BLANK": " ", "SET": "s3cret"})
    assert isinstance(value, Unset)
    assert value == names


def test_the_words_for_yes_and_no_are_all_that_yaml_knows() -> None:
    assert [values.flag(word) for word in ("yes", "true", "on", "no", "false", "off")] == [True] * 3 + [
        False
    ] * 3
