"""How many examples a property is tried with."""

from hypothesis import HealthCheck, settings

THOROUGH, PROJECT = "thorough", "project"
SHARE = 3

# A busy machine is no fault of the code; tests never judge by the clock.
settings.register_profile(THOROUGH, deadline=None)
settings.register_profile(PROJECT, deadline=None, max_examples=100 // SHARE)


def examples(most: int, *suppressed: HealthCheck) -> settings:
    """`most` examples in the profile `thorough`, a third of them in `project`; every run tries others."""
    is_thorough = settings.get_current_profile_name() == THOROUGH
    return settings(
        max_examples=most if is_thorough else max(1, most // SHARE), suppress_health_check=suppressed
    )
