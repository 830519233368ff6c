"""Lines that a source repeats at the ends of its items: notices of the site, no text of the article.

A line is one where it opens or ends three or more items, in one document or remembered from earlier ones.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from aggregator.text import sentences
from aggregator.text.boilerplate.patterns import CUT, CUT_ENDINGS
from aggregator.text.dates import calendars
from aggregator.text.digests import digest

_ENOUGH = 3  # items
_REMEMBERED = 96  # lines of a source
_SPELLED = 24  # lines of a source whose letters are remembered too
_FIRST, _LAST = 4, 6  # lines at the start and the end of an item that may be notices
_FIRST_SENTENCES, _LAST_SENTENCES = 3, 4  # the same where all the text is one line
_SIZE = 6  # bytes of a remembered digest
_SHORTEST = 4  # letters: a shorter line is no notice
_SHORTEST_SENTENCE = (
    25  # characters: sentences that are no line of their own are taken for notices more slowly
)
_SHORTEST_WHOLE = 30  # letters: a shorter line that is all of a text stays
_SHORTEST_FLAT = 15  # letters: a shorter line is not looked for within a line
_SHORTEST_CUT = 8  # letters: less of a line that a text ends in may be chance
_SHORTEST_UNMARKED = 16  # letters, where no ellipsis says that the text is cut
_SHORTEST_COMMON = 24  # letters that sentences have in common that are cut at different places
_SHORTEST_TOKEN = 8  # characters with figures among them
_SHORTEST_TITLE = 8  # characters: a shorter one is a word of the article
_SHORTEST_NAME = 4
_LONGEST = 300  # letters of a line that are remembered
_REACH = 1_000  # characters at either end of a text
_NO_PART = "----"
_ADDRESS = re.compile(r"(?i)https?://|www\.")
_OF_A_PLAYER = re.compile(r"[\s(\[]*(?:[0-9]{1,3}:)?[0-9]{1,3}:[0-9]{2}\b")  # chapters have names that recur
_NO_LETTERS = re.compile(r"[\W\d_]+")


@dataclass(frozen=True, slots=True)
class OwnWords:
    """The words of an item that a notice in it may hold; categories count only beside an author."""

    title: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


NOBODY = OwnWords()


@dataclass(frozen=True, slots=True)
class Lines:
    """The plain lines of an item's text, and its summary."""

    own: OwnWords
    text: Sequence[str]
    summary: str = ""
    key: str = ""  # of the item: a later version of it is no second item


@dataclass(frozen=True, slots=True)
class Repeated:
    """The lines that a source repeats."""

    keys: frozenset[str] = frozenset()
    spelled: tuple[
        str, ...
    ] = ()  # the letters of those of one to some sentences; "_" behind one that goes on

    def __bool__(self) -> bool:
        return bool(self.keys or self.spelled)

    def has(self, line: str, own: OwnWords = NOBODY, *, alone: bool = False) -> bool:
        """Whether a line of the item with these words of its own is one of them.

        One that is `alone` in its text has to be longer, and without date, number and title: a forecast
        differs in those alone.
        """
        if not self.keys:
            return False
        if alone:
            return _may_be_whole(line) and digest(_raw(line), _SIZE) in self.keys
        return any(found in self.keys for found in keys(line, own))

    def without(self, text: str, own: OwnWords = NOBODY) -> str:
        """A text of one line without the repeated sentences that open or end it, whole or cut."""
        if not self:
            return text
        before = None
        while text and text != before:
            before = text
            text = self._without_lines(self.without_sentences(text, own))
        return text

    def without_sentences(self, text: str, own: OwnWords = NOBODY) -> str:
        """A text of one line without the repeated sentences that open or end it."""
        while opening := next((end for end in reversed(_openings(text)) if self.has(text[:end], own)), 0):
            text = text[opening:].lstrip()
        while ending := next((start for start in _endings(text) if self.has(text[start:], own)), 0):
            text = text[:ending].rstrip()
        return text

    def _without_lines(self, text: str) -> str:
        """A text without the lines that lost their borders in it, the last one perhaps cut."""
        start = max(0, len(text) - _REACH)
        ending = self._ending(text[start:], whole=not start)
        if ending is not None:
            return text[: start + ending].rstrip()
        return text[self._opening(text[:_REACH]) :]

    def _ending(self, text: str, *, whole: bool) -> int | None:
        """Where one of the lines starts that goes on to the end of a text."""
        least = _SHORTEST_CUT if _is_cut(text) else _SHORTEST_UNMARKED
        found, words = _spelling(text)
        candidates = [line for line in self.spelled if line[:least] in found]
        if candidates:
            for count, start in dict(words).items():  # of several with no letters between them the last
                rest = found[count:]
                enough = len(rest) >= least if start or not whole else _may_be_whole(text)
                if enough and not text[start].islower() and any(_begins(line, rest) for line in candidates):
                    return start
        return None

    def _opening(self, text: str) -> int:
        """Where one of the lines ends that a text begins with, or 0."""
        found, words = _spelling(text)
        ends = {len(line) for line in self.spelled if found.startswith(line)}
        behind = (start for count, start in words if count in ends and not _ADDRESS.match(text, start))
        return next(behind, 0)


NOTHING = Repeated()


def keys(line: str, own: OwnWords = NOBODY) -> Iterable[str]:
    """Equal for lines of the same letters: of words alone, of all, and without the item's own words.

    There is none for a line that is too short.
    """
    found = _keys_of(line)
    lowered = line.casefold()
    bare = _less(lowered, own.title, _SHORTEST_TITLE)
    found = found if bare == lowered else (*found, *_keys_of(bare)[:1])
    unsigned = bare
    for author in own.authors if len(line) <= _LONGEST else ():
        unsigned = _less(unsigned, author, _SHORTEST_NAME)
    if unsigned == bare:
        return found
    for category in own.categories:
        unsigned = _less(unsigned, category, _SHORTEST_NAME)
    return (*found, *_keys_of(unsigned)[:1]) if len(letters(unsigned)) >= _SHORTEST_CUT else found


def _less(lowered: str, words: str, least: int) -> str:
    """A line in lower case without these words, if they are that many characters."""
    found = words.casefold()
    if len(found) < least or found not in lowered:
        return lowered
    return re.sub(rf"(?<!\w){re.escape(found)}(?!\w)", " ", lowered)


@lru_cache(1024)
def _keys_of(line: str) -> tuple[str, ...]:
    if _OF_A_PLAYER.match(line):
        return ()
    words = list(map(_letters, line.casefold().split()))
    found = "".join(words)
    spellings = (found,) if all(words) else dict.fromkeys((found, _raw(line)))
    return tuple(digest(found, _SIZE) for found in spellings if len(found) >= _SHORTEST)


def _raw(line: str) -> str:
    return _NO_LETTERS.sub("", line.casefold())


def letters(line: str) -> str:
    """The letters of a line without those of addresses, numbers, tokens, months and days of the week."""
    return "".join(map(_letters, line.casefold().split()))


@lru_cache(8192)
def _letters(word: str) -> str:
    if not word.isalpha() and _is_address_or_token(word):
        return ""
    found = word if word.isalpha() else _NO_LETTERS.sub("", word)
    return "" if calendars.folded(found) in calendars.names() else found


def _is_address_or_token(word: str) -> bool:
    if "://" in word or word.startswith("www."):
        return True
    if "/" in word and "." in word[: word.index("/")].strip("."):
        return True
    return len(word) >= _SHORTEST_TOKEN and word.isascii() and any(map(str.isdigit, word))


def _may_be_whole(text: str) -> bool:
    return len(_raw(text)) >= _SHORTEST_WHOLE and not any(map(str.isdigit, text))


def _spelling(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The letters of a text; of each word how many stand before it, and where it stands itself."""
    found, places, count = [], [], 0
    for word in re.finditer(r"\S+", text):
        places.append((count, word.start()))
        found.append(_letters(word[0].casefold()))
        count += len(found[-1])
    return "".join(found), places


def _begins(line: str, rest: str) -> bool:
    """Whether the end of a text is the start of a line, or all of it."""
    return line.startswith(rest) or (line.endswith("_") and rest.startswith(line[:-1]))


def known(remembered: str) -> frozenset[str]:
    """The keys of the lines that were repeated as far as is remembered of a source."""
    edges = (edge.split(".") for edge in remembered.split())
    return frozenset(line for line, *of in edges if len(of) >= _ENOUGH)


def learn(items: Iterable[Lines], remembered: str) -> tuple[Repeated, str]:
    """The lines that are repeated, and what is to be remembered of the source.

    That is one text, for it is read and written with each poll: `line.item.item line.item …`, the latest
    last, each line with the digests of up to three items that it opened or ended; behind those of a repeated
    line its letters.
    """
    seen: dict[str, tuple[str, ...]] = {}
    spelled: dict[str, str] = {}
    for line, *of in (edge.split(".") for edge in remembered.split()):
        seen[line] = tuple(of[:_ENOUGH])
        spelled |= {line: of[_ENOUGH]} if of[_ENOUGH:] else {}
    listed = list(items)
    for item in listed:
        identity = _identity(item)
        for found, line in _keys(item).items():
            known = seen.pop(found, ())
            is_new = not any(_is_same(identity, other) for other in known)
            seen[found] = (*known, identity)[:_ENOUGH] if is_new else known
            if len(seen[found]) == _ENOUGH and line and found not in spelled:
                spelled[found] = _bounded(letters(line))
    keys = [found for found, of in seen.items() if len(of) >= _ENOUGH]
    latest = [found for found in keys if len(spelled.get(found, "")) >= _SHORTEST_FLAT][-_SPELLED:]
    kept = {found: spelled[found] for found in latest}
    flat = sorted({*kept.values(), *_cut_in_common(listed)}, key=len, reverse=True)
    return Repeated(frozenset(keys), tuple(flat)), _latest(seen, kept)


def _bounded(found: str) -> str:
    return found if len(found) <= _LONGEST else f"{found[:_LONGEST]}_"


def _keys(item: Lines) -> dict[str, str]:
    """The keys of what an item opens and ends with, each once, with the line that it is of."""
    text = [line for line in item.text if line]
    lines = text if len(text) <= _FIRST + _LAST else [*text[:_FIRST], *text[-_LAST:]]
    found = dict.fromkeys((of for line in lines for of in keys(line, item.own)), "")
    found |= {of: line for line in lines for of in _keys_of(line)[:1]}
    for one in dict.fromkeys((item.summary, text[0] if len(text) == 1 else "")):
        parts = (*(one[:end] for end in _openings(one)), *(one[start:] for start in _endings(one)))
        long = [part for part in parts if len(part) >= _SHORTEST_SENTENCE or _is_cut(part)]
        found = dict.fromkeys((of for part in long for of in keys(part, item.own)), "") | found
        found = {of: part for part in long for of in _keys_of(part)[:1]} | found
    return found


def _openings(text: str) -> list[int]:
    """Where the first sentences of a text end, that is more than those."""
    return [
        end for end in islice(sentences.ends(text[:_REACH]), _FIRST_SENTENCES) if end < len(text.rstrip())
    ]


def _endings(text: str) -> list[int]:
    """Where the last sentences of a text start, the longer ending first."""
    start = max(0, len(text) - _REACH)
    ends = [start + end for end in sentences.ends(text[start:])]
    starts = [end for end in ends if end < len(text.rstrip())][-_LAST_SENTENCES:]
    return [end + len(text[end:]) - len(text[end:].lstrip()) for end in starts]


def _is_cut(text: str) -> bool:
    return text.endswith(CUT_ENDINGS) and CUT.search(text) is not None


def _cut_in_common(items: Sequence[Lines]) -> list[str]:
    """The letters of sentences in which three or more of the texts are cut, each as far as one shows it."""
    ends = {
        (found, item.own.title)
        for item in items
        for text in {item.summary, *item.text[-1:]}
        if _is_cut(text)
        for start in _endings(text)
        if len(found := letters(text[start:])) >= _SHORTEST_COMMON
    }
    groups: list[list[str]] = []
    for found, _ in sorted(ends):  # what begins with another follows it
        if groups and found.startswith(groups[-1][-1]):
            groups[-1].append(found)
        else:
            groups.append([found])
    return [group[-1] for group in groups if len(group) >= _ENOUGH]


def _latest(seen: Mapping[str, tuple[str, ...]], spelled: Mapping[str, str]) -> str:
    """As many lines as are remembered: those that stood in several items before others, then the latest."""
    ranked = sorted(enumerate(seen.items()), key=lambda one: (len(one[1][1]) > 1, one[0]))
    kept = (line for _, line in sorted(ranked[-_REMEMBERED:]))
    return " ".join(".".join((line, *items, *filter(None, [spelled.get(line)]))) for line, items in kept)


def _identity(item: Lines) -> str:
    """Short digests of an item's key, title and text: of two versions of an item one of these is equal."""
    parts = (item.key, item.own.title, " ".join(item.text)[:4_000])
    return "".join(digest(part.casefold(), _SIZE)[:4] if part else _NO_PART for part in parts)


def _is_same(one: str, other: str) -> bool:
    parts = ((one[place : place + 4], other[place : place + 4]) for place in (0, 4, 8))
    return any(mine == theirs != _NO_PART for mine, theirs in parts)
