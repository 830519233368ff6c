"""The known word that a wrong one was most likely meant to be."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

_CLOSE = 60.0  # per cent of letters in common
_LONGEST, _MOST = 100, 5_000  # characters of a word, known words: beyond, nothing is proposed


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like this one, in any case and with hyphens for underscores; "" for none."""
    candidates = list(known)
    if len(word) > _LONGEST or len(candidates) > _MOST:
        return ""
    found = process.extractOne(word, candidates, scorer=fuzz.ratio, processor=_plain, score_cutoff=_CLOSE)
    return str(found[0]) if found else ""


def did_you_mean(word: str, known: Iterable[str], form: str = "{}") -> str:
    """A question that proposes the nearest known word, written in a form like `“{}”`; "" for none."""
    found = nearest(word, known)
    return f"Did you mean {form.format(found)}?" if found else ""


def _plain(word: str) -> str:
    return word.lower().replace("_", "-")
