"""Model values as JSON and back."""

import dataclasses
import json
import types
from datetime import UTC, datetime, timedelta
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Head, Item, PollLogLine, SourceState, Tag
from aggregator.store import serialization

MOMENTS = st.datetimes(timezones=st.just(UTC))
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    datetime: MOMENTS,
    timedelta: st.timedeltas(timedelta(days=-9999), timedelta(days=9999)),
    str: st.text(st.characters(), max_size=20),  # lone surrogates included
    float: st.floats(allow_nan=False),
}


def drawn(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a type that the model uses, every field of a class drawn."""
    origin, arguments = get_origin(hint), get_args(hint)
    if dataclasses.is_dataclass(hint):
        fields = {name: drawn(kind) for name, kind in get_type_hints(hint).items()}
        return st.builds(hint, **fields)  # type: ignore[arg-type]  # the class itself
    if origin is types.UnionType:
        return st.one_of(*map(drawn, arguments))
    if origin is tuple:
        return st.lists(drawn(arguments[0]), max_size=2).map(tuple)
    if origin is frozenset:
        return st.frozensets(drawn(arguments[0]))
    return SIMPLE[hint] if hint in SIMPLE else st.from_type(hint)


@pytest.mark.parametrize("kind", [Item, SourceState, PollLogLine, tuple[Tag, ...]])
def test_what_goes_out_comes_back_exactly(kind: Any) -> None:
    @given(drawn(kind))
    def comes_back(value: Any) -> None:
        text = serialization.encode(value)
        text.encode("utf-8")
        assert serialization.decode(kind, text) == value

    comes_back()


@given(MOMENTS)
def test_a_stamp_keeps_every_microsecond(moment: datetime) -> None:
    assert serialization.moment(serialization.stamp(moment)) == moment


@given(MOMENTS, MOMENTS)
def test_stamps_are_in_the_order_of_their_moments(one: datetime, other: datetime) -> None:
    assert (one < other) == (serialization.stamp(one) < serialization.stamp(other))


def test_a_field_at_its_default_is_left_out() -> None:
    value = Item("north", "1", title="Peace", head=Head(title="The Paper"))
    assert json.loads(serialization.encode(value)) == {
        "source": "north",
        "key": "1",
        "title": "Peace",
        "head": {"title": "The Paper"},
    }


def test_a_field_that_was_added_since_has_its_default() -> None:
    assert serialization.decode(Item, '{"source": "north", "key": "1"}') == Item("north", "1")


def test_a_field_that_was_removed_since_is_dropped() -> None:
    text = '{"source": "north", "key": "1", "mood": "gloomy", "head": {"title": "N", "mood": 1}}'
    assert serialization.decode(Item, text).head.title == "N"


def test_text_stays_readable_in_the_database() -> None:
    assert "북한 Łódź" in serialization.encode(Item("north", "북한 Łódź"))


def test_a_tuple_may_have_a_type_for_each_place() -> None:
    value = (("a", datetime(2026, 1, 1, tzinfo=UTC)),)
    assert serialization.decode(tuple[tuple[str, datetime], ...], serialization.encode(value)) == value


def test_what_has_no_form_in_json_is_refused() -> None:
    with pytest.raises(TypeError, match="object has no form in JSON"):
        serialization.encode(object())
