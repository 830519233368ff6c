"""Which name a feed has today: by `was:`, by what is remembered, or because a renaming was taken back."""

from aggregator.feeds.renames import resolve


def test_what_the_configuration_says_counts() -> None:
    assert resolve({"b"}, {"a": "b"}, {}, {"a"}) == {"a": "b"}
    assert resolve({"c"}, {"a": "c", "b": "c"}, {"a": "b"}, {"b"}) == {"a": "c", "b": "c"}


def test_a_chain_leads_to_its_end_although_only_the_last_step_is_said() -> None:
    assert resolve({"c"}, {"b": "c"}, {"a": "b"}, {"b"}) == {"a": "c", "b": "c"}


def test_what_was_said_once_is_remembered() -> None:
    assert resolve({"b"}, {}, {"a": "b"}, {"b"}) == {"a": "b"}


def test_an_edit_that_is_taken_back_takes_the_renaming_back() -> None:
    assert resolve({"a"}, {}, {"a": "b"}, {"b"}) == {"b": "a"}
    assert resolve({"a"}, {}, {"a": "c", "b": "c"}, {"c"}) == {"b": "a", "c": "a"}
    assert resolve({"b"}, {"a": "b"}, {"a": "c", "b": "c"}, {"c"}) == {"a": "b", "c": "b"}


def test_an_id_that_another_feed_took_meanwhile_is_not_given_back() -> None:
    assert resolve({"a"}, {}, {"a": "b"}, {"a", "b"}) == {}


def test_an_id_that_is_free_again_may_name_another_feed_while_both_are_there() -> None:
    assert resolve({"a", "b"}, {}, {"a": "b"}, {"b"}) == {}


def test_two_names_change_places_over_a_third_one() -> None:
    assert resolve({"t", "b"}, {"a": "t"}, {}, {"a", "b"}) == {"a": "t"}
    assert resolve({"t", "a"}, {"b": "a"}, {"a": "t"}, {"t", "b"}) == {"b": "a"}
    assert resolve({"b", "a"}, {"t": "b"}, {"b": "a"}, {"t", "a"}) == {"t": "b"}


def test_a_feed_that_is_simply_gone_leads_nowhere() -> None:
    assert resolve({"a"}, {}, {}, {"a", "b"}) == {}
    assert resolve(set(), {}, {"a": "b"}, {"b"}) == {}


def test_names_that_lead_in_a_circle_end_somewhere() -> None:
    assert resolve(set(), {}, {"a": "b", "b": "a"}, set()) == {}
