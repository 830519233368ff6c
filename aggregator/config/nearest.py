"""The nearest right word for a wrong one."""

from collections.abc import Collection

from rapidfuzz import fuzz, process

from aggregator.config.masking import shown

_CLOSE = 60.0  # per cent of letters in common
_MANY = 5000


def did_you_mean(word: str, candidates: Collection[str]) -> str:
    """A question that names the nearest candidate, or "" where none is near."""
    if len(word) > 100 or len(candidates) > _MANY:
        return ""
    found = process.extractOne(
        word,
        candidates,
        scorer=fuzz.ratio,
        processor=lambda name: name.lower().replace("_", "-"),
        score_cutoff=_CLOSE,
    )
    return f"Did you mean {shown(found[0])}?" if found else ""
