"""By which rules tags stand, as text beside them and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.topics.evidence import Evidence, read

ONE, TWO, THREE = "1" * 16, "2" * 16, "3" * 16
versions = st.text("0123456789abcdef", min_size=1, max_size=16)


@given(
    st.builds(
        Evidence,
        st.lists(versions, min_size=1, max_size=4).map(tuple),
        st.one_of(st.just(""), versions),
        st.booleans(),
        st.booleans(),
    )
)
def test_evidence_is_read_as_it_was_written(evidence: Evidence) -> None:
    assert read(str(evidence)) == evidence


@pytest.mark.parametrize("text", ["", "rules-1", ONE])
def test_a_version_by_itself_says_that_it_gave_all_tags(text: str) -> None:
    assert read(text) == Evidence((text,))
    assert read(text).is_current(text)
    assert str(read(text)) == text


@pytest.mark.parametrize("done", [f"{ONE}~", f"{ONE}?", f"{ONE}+{TWO}", f"{ONE}+{ONE}"])
def test_what_was_renamed_merged_or_partly_filled_is_not_current(done: str) -> None:
    assert not read(done).is_current(ONE)
    assert not read(done).is_current(TWO)


def test_a_topic_that_was_filled_leads_back_to_the_rules_without_it() -> None:
    partly = read(ONE).filled(TWO, whole=False, unheard_of=True)
    assert partly.has_added(TWO)
    assert partly.leads_back(ONE)
    assert partly.back(ONE) == read(ONE)
    wholly = read(ONE).filled(TWO, whole=True, unheard_of=True)
    assert wholly.is_current(TWO)
    assert (wholly.leads_back(TWO), wholly.leads_back(ONE), wholly.leads_back(THREE)) == (False, True, False)
    assert wholly.filled(THREE, whole=True, unheard_of=True).back(TWO) == wholly


def test_only_so_many_versions_are_remembered() -> None:
    known = read("v0")
    for number in range(1, 50):
        known = known.filled(f"v{number}", whole=True, unheard_of=True)
    assert len(known.versions) == 4
    assert known.is_current("v49")


def test_what_was_renamed_does_not_lead_back() -> None:
    assert not read(f"{ONE}={TWO}~").leads_back(ONE)
    assert read(f"{ONE}~").filled(TWO, whole=True, unheard_of=True) == Evidence((TWO,))


def test_an_id_that_rules_may_have_known_otherwise_leads_nowhere_back() -> None:
    assert not read(ONE).filled(TWO, whole=False, unheard_of=False).leads_back(ONE)
    assert not read(ONE).filled(TWO, whole=True, unheard_of=False).leads_back(ONE)
