"""Words and phrases of a text that could stand in a query, and how strongly each speaks for a topic."""

import math
import re
from collections.abc import Iterator

from aggregator.model import Item
from aggregator.text.folding import fold
from aggregator.text.levelling import RUN_SCRIPTS

LONGEST = 3  # words of a phrase
MOST_CHARACTERS = 1500  # of an article that are read for terms: what it is about, it says first
PRIOR = 0.05  # of all that was read stands for the belief that a term is as usual here as there
_BREAK = re.compile(r"[^\w' ]+|_")  # signs part phrases
_RUN = re.compile(f"[{RUN_SCRIPTS}]+")
_RUN_LENGTHS = (2, 3, 4)  # characters of a term in a script whose words are found inside a run


def terms(item: Item) -> set[str]:
    """The folded words and phrases of an item's title, summary and text."""
    found: set[str] = set()
    for text in (item.title, item.summary, item.text[:MOST_CHARACTERS]):
        for stretch in _BREAK.split(fold(text).text):
            if not stretch.isascii():
                found.update(_inside_runs(stretch))
                stretch = _RUN.sub(" | ", stretch)
            for part in stretch.split("|"):
                found.update(_phrases(part.split()))
    return found


def length(item: Item) -> int:
    """Characters of an item that are read for terms."""
    return len(item.title) + len(item.summary) + len(item.text[:MOST_CHARACTERS])


def _phrases(words: list[str]) -> Iterator[str]:
    for size in range(1, LONGEST + 1):
        for start in range(len(words) - size + 1):
            phrase = words[start : start + size]
            if _is_word(phrase[0]) and _is_word(phrase[-1]):
                yield " ".join(phrase)


def _is_word(word: str) -> bool:
    return len(word) > 2 and not word.isdecimal()


def _inside_runs(text: str) -> Iterator[str]:
    for run in _RUN.findall(text):
        for size in _RUN_LENGTHS:
            for start in range(len(run) - size + 1):
                yield run[start : start + size]


def log_odds(inside: float, members: float, outside: float, others: float) -> tuple[float, float]:
    """How much more usual a term is among members than among others, and how sure that is (as a z-score).

    The log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008, 3.5), decision
    072: `inside` and `outside` items have the term, together at least one, out of texts of the lengths
    `members` and `others`.
    """
    prior = PRIOR * (members + others)
    usual = PRIOR * (inside + outside)
    ratio = _odds(inside + usual, members + prior) - _odds(outside + usual, others + prior)
    return ratio, ratio / math.sqrt(1 / (inside + usual) + 1 / (outside + usual))


def _odds(having: float, of: float) -> float:
    return math.log(having / max(of - having, having))
