"""How many examples a property is tried with, and which of the recorded feeds."""

from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

from hypothesis import HealthCheck, settings

THOROUGH, PROJECT = "thorough", "project"
SHARE = 3

# A busy machine is no fault of the code; tests never judge by the clock.
settings.register_profile(THOROUGH, deadline=None)
settings.register_profile(PROJECT, deadline=None, max_examples=100 // SHARE)


T = TypeVar("T")


def is_thorough() -> bool:
    """Whether everything is tried, however long it takes."""
    return settings.get_current_profile_name() == THOROUGH


def some(recorded: Iterable[T], first: int = 0) -> list[T]:
    """All recorded feeds in the profile `thorough`; in `project` every third, from the `first` on.

    Tests that read feeds in different ways begin with different ones, so that each feed is read by some test.
    """
    return list(recorded) if is_thorough() else list(islice(recorded, first, None, SHARE))


def examples(most: int, *suppressed: HealthCheck) -> settings:
    """`most` examples in the profile `thorough`, a third of them in `project`; every run tries others."""
    return settings(
        max_examples=most if is_thorough() else max(1, most // SHARE), suppress_health_check=suppressed
    )
