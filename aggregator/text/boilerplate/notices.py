"""What feeds put into an article's text that is not the article: notices of the site, bylines, credits.

Only whole lines at the two ends of a text go, and at its very end a last sentence that WordPress and the like
append; what stands inside an article is the article's.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import islice

from aggregator.text import sentences
from aggregator.text.boilerplate import patterns, repetition
from aggregator.text.html import blocks, inline, sanitizer
from aggregator.text.html.blocks import Span

_LONGEST = 700  # characters; a longer line is no notice
_START = 4_000  # characters that tell texts apart
_FIRST_LINES, _LAST_LINES = 4, 6
_LONGEST_UNKNOWN = 160  # characters of a line among notices
_SHORT, _LONG = 30, 60  # letters of a sentence, and of one without a full stop
_REMEMBERED = 256  # lines: markup, summary and excerpt of an item ask about the same ones
_EDGES = " \t.!»›→…|·•*"
_NO_WORDS_AROUND = re.compile(r"^[^\w\"“”„«‘’‚'‹]+|[^\w\"“”„»‘’'›]+$")


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is known of an article beside its text."""

    title: str
    authors: Sequence[str]
    outlet: str
    own: repetition.OwnWords = repetition.NOBODY


def strip_html(
    markup: str,
    *,
    title: str = "",
    authors: Sequence[str] = (),
    outlet: str = "",
    own: repetition.OwnWords = repetition.NOBODY,
    repeated: repetition.Repeated = repetition.NOTHING,
) -> str:
    """Cleaned markup without the notices at its two ends, the byline and the repeated title; cleaned again.

    `repeated` are lines that the source repeats. Credits of pictures, copyright
    and "first published by" stay, wherever they stand among notices: licences ask for them.
    """
    frame = _Frame(title, authors, outlet, own)
    runs = blocks.spans(markup)
    gone = _gone(markup, runs, frame, repeated, alone=False)
    if repeated and gone and all(run in gone for run in runs if blocks.line(markup, run)):
        gone = _gone(markup, runs, frame, repeated, alone=True)
    gone.update(_sentences(markup, [run for run in runs if run not in gone], frame, repeated))
    return sanitizer.clean(inline.tidied(blocks.without(markup, sorted(gone)))) if gone else markup


def _gone(
    markup: str,
    runs: Sequence[Span],
    frame: _Frame,
    repeated: repetition.Repeated,
    *,
    alone: bool,
) -> set[Span]:
    """The runs at both ends that are notices; `alone` ones are all the text there is."""

    def is_notice(line: str) -> bool:
        own = repetition.NOBODY if alone else frame.own
        return _is_navigation(line) or (repeated.has(line, own, alone=alone) and not may_be_credit(line))

    gone = set(_matching(markup, reversed(runs), is_notice))
    gone.update(_more_links(markup, [run for run in runs if run not in gone]))
    gone.update(_matching(markup, runs, lambda line: is_notice(line) or _is_heading(line, frame)))
    return gone


def _sentences(
    markup: str, runs: Sequence[Span], frame: _Frame, repeated: repetition.Repeated
) -> Iterator[Span]:
    """Notices within the last line: "The post … appeared first on …", or what is repeated in an only line."""
    last = next((run for run in reversed(runs) if blocks.line(markup, run)), (0, 0))
    line = kept = blocks.line(markup, last)
    if (place := patterns.appeared(line[-_LONGEST:])) is not None:
        kept = line[: max(0, len(line) - _LONGEST) + place].rstrip()
    if repeated and kept and not any(blocks.line(markup, run) for run in runs if run != last):
        is_plain = "<" not in markup[slice(*last)]  # what is marked up may be a list
        kept = (repeated.without if is_plain else repeated.without_sentences)(kept, frame.own)
    if kept != line:
        yield from inline.around(markup, last, line[: line.find(kept)], kept)


def lines(markup: str) -> list[str]:
    """The lines of text of cleaned markup; of a long text those at its start and the last ones."""
    runs = blocks.spans(markup)
    first: list[str] = []
    length = read = 0
    while read < len(runs) and (length <= _START or len(first) < _FIRST_LINES):
        if line := blocks.line(markup, runs[read]):
            first.append(line)
            length += len(line)
        read += 1
    behind = (line for run in reversed(runs[read:]) if (line := blocks.line(markup, run)))
    return [*first, *reversed(list(islice(behind, _LAST_LINES)))]


def is_notice(line: str, repeated: repetition.Repeated) -> bool:
    """Whether a line is nothing but a notice of the site."""
    return _is_navigation(line) or repeated.has(line)


def strip_text(text: str, *, title: str = "", authors: Sequence[str] = (), outlet: str = "") -> str:
    """Plain text without notices, bylines, credits and the repeated title at its two ends.

    An ellipsis in brackets, by which WordPress cuts, becomes a plain one.
    """
    frame = _Frame(title, authors, outlet)
    if patterns.CREDIT_OPENING.search(text):
        text = patterns.CREDIT_INSIDE.sub("", text)
    lines = re.split(r"(\n+)", text.strip())
    while lines and (shorter := _without_tail(lines[-1])) != lines[-1]:
        lines[-1:] = [shorter] if shorter else []
    lines.reverse()
    while lines and (shorter := _without_head(lines[-1], frame)) != lines[-1]:
        lines[-1:] = [shorter] if shorter else []
    lines.reverse()
    rest = "".join(lines).strip()
    return patterns.CUT.sub("…", rest) if rest.endswith(patterns.CUT_ENDINGS) else rest


# ── lines ───────────────────────────────────────────────────────────────────────────────────────


def _is_navigation(line: str) -> bool:
    """Whether a line speaks of the site: where to click, follow, share, subscribe or comment."""
    return 0 < len(line) <= _LONGEST and _leads_on(line)


@lru_cache(_REMEMBERED)
def _leads_on(line: str) -> bool:
    spellings = {line, line.strip(_EDGES), _NO_WORDS_AROUND.sub("", line)}
    if any(patterns.MORE.fullmatch(text) or patterns.NAVIGATION.match(text) for text in spellings):
        return True
    return patterns.appeared(line) == 0 or (_is_filed(line) and not _is_credit(line))


def _is_filed(line: str) -> bool:
    return _DIGIT.search(line) is not None and patterns.FILED.fullmatch(line) is not None


def _is_heading(line: str, frame: _Frame) -> bool:
    """Whether a line at the start of a text only says who wrote it and when, or repeats the title."""
    if len(line) > _LONGEST:
        return False
    if _is_byline(line):
        return True
    return (_folded(line) or "*") == _folded(frame.title) or _is_rule(line) or _is_all_names(line, frame)


@lru_cache(_REMEMBERED)
def _is_byline(line: str) -> bool:
    return any(one.fullmatch(line) for one in (patterns.BYLINE, patterns.DATED)) or _is_filed(line)


def may_be_credit(line: str) -> bool:
    """Whether a line that a source repeats may be one of credit or licence, in whatever language."""
    return is_attribution(line) or (len(line) <= _LONGEST and speaks_of_rights(line))


@lru_cache(_REMEMBERED)
def speaks_of_rights(text: str) -> bool:
    """Whether a text has words of credit or licence somewhere."""
    return patterns.RIGHTS_OR_ORIGIN.found(text)


def is_attribution(line: str) -> bool:
    """Whether a line says whose a text or picture is, or where a text first stood."""
    return len(line) <= _LONGEST and _is_credit(line)


@lru_cache(_REMEMBERED)
def _is_credit(line: str) -> bool:
    return patterns.ATTRIBUTION.match(line) or patterns.CREDIT.fullmatch(line) is not None


_AGENCY = re.compile(rf"(?i)\b{patterns.AGENCY}\b")
_AGENCIES_BEGIN = frozenset(re.findall(r"(?<=[(|:])[a-z]+", patterns.AGENCY)) - {"the"}
_DATE = re.compile(patterns.DATE)
_DIGIT = re.compile(r"\d")
_AROUND_NAMES = re.compile(
    r"(?i)\b(?:by|and|for|staff|writer|reporter|correspondent|editor|news|web|desk|report|special|to|from|in|on|at|"
    r"updated|published|posted|photos?|text|words|von|und|por|y|par|et|di|e)\b|[\W_]+"
)


def _is_all_names(line: str, frame: _Frame) -> bool:
    """Whether nothing is left of a line without the authors, the outlet, agencies and dates."""
    if len(line) > 200:
        return False
    rest = line
    for known in sorted((*frame.authors, frame.outlet), key=len, reverse=True):
        if len(known) > 1 and known.casefold() in rest.casefold():
            rest = re.sub(rf"(?i)(?<!\w){re.escape(known)}(?!\w)", " ", rest)
    rest = _without_agencies_and_dates(rest)
    return rest != line and not _AROUND_NAMES.sub("", rest)


@lru_cache(_REMEMBERED)
def _without_agencies_and_dates(line: str) -> str:
    rest = _DATE.sub(" ", line) if _DIGIT.search(line) else line
    if rest.isascii() and _AGENCIES_BEGIN.isdisjoint(re.findall(r"[a-z]+", rest.lower())):
        return rest
    return _AGENCY.sub(" ", rest)


def _is_rule(line: str) -> bool:
    return re.fullmatch(r"[\s_*=~.·•–—#-]+", line) is not None


@lru_cache(_REMEMBERED)
def _folded(line: str) -> str:
    return re.sub(r"[\W_]+", " ", line.casefold()).strip()


@lru_cache(_REMEMBERED)
def _without_tail(line: str) -> str:
    """The last line of a text without a notice: "" if it is one, cut if it ends with one, else itself."""
    if not line.strip() or _is_navigation(line.strip()) or is_attribution(line.strip()):
        return ""
    if (place := patterns.appeared(line[-_LONGEST:])) is not None:
        return line[: max(0, len(line) - _LONGEST) + place].rstrip()
    if match := patterns.MORE_AFTER_CUT.search(line, max(0, len(line) - _LONGEST)):
        return line[: match.end("cut")]
    match = patterns.MORE_AT_END.search(line, max(0, len(line) - _LONGEST))
    if match and not match["more"][0].islower():  # in lower case it is the end of a sentence
        return line[: match.start("more")].rstrip(" ([")
    return _without_last_sentence(line)


def _without_last_sentence(line: str) -> str:
    tail = line[-_LONGEST:]
    end = sentences.last_end(tail, len(tail.rstrip()))
    if end and (_is_navigation(tail[end:].strip()) or is_attribution(tail[end:].strip())):
        return line[: len(line) - len(tail) + end]
    return line


def _without_head(line: str, frame: _Frame) -> str:
    """The first line of a text without a notice: "" if it is one, cut if it begins with one, else itself."""
    whole = line.strip()
    if not whole or _is_navigation(whole) or _is_heading(whole, frame) or is_attribution(whole):
        return ""
    if frame.title and whole.startswith(frame.title):
        rest = whole[len(frame.title) :]
        if separator := re.match(r"\s*[:|–—]\s+|\s+-\s+|(?<=[.!?])\s+|[.!?…]\s+", rest):
            return rest[separator.end() :]
    byline = _byline_ahead(frame.authors).match(whole) if frame.authors and _BY.match(whole) else None
    return whole[byline.end() :] if byline else line


_BY = re.compile(r"(?i:by|von|por|par|di)\s+")


def _byline_ahead(authors: Sequence[str]) -> re.Pattern[str]:
    """ "By" the known authors, and what stands between them and the first word of the text."""
    names = "|".join(re.escape(name) for name in authors if len(name) > 1) or r"(?!)"
    return re.compile(
        rf"{_BY.pattern}(?i:{names})(?:\s*(?:,|and|&)\s*(?i:{names}))*"
        rf"(?:\s*[|,–—-]\s*(?:(?i:{patterns.AGENCY})\b|{patterns.DATE}))*(?:\s*[|,:–—-])*\s+(?=[^a-zß-öø-ÿ])"
    )


# ── markup ──────────────────────────────────────────────────────────────────────────────────────


def _matching(markup: str, runs: Iterable[Span], test: Callable[[str], bool]) -> list[Span]:
    """The runs that pass the test, up to the first one with text that does not.

    Pictures, and lines of credit or licence, are passed over; so is one short line, if two sentences that
    pass follow it, or one between others.
    """
    passed: list[Span] = []
    behind: list[Span] = []  # what passes behind an unknown line
    before, unknown = set[str](), False
    for run in runs:
        line = blocks.line(markup, run)
        if not line or markup.startswith("</figcaption>", run[1]):
            continue
        if unknown and not _is_said(line):
            break
        if test(line):
            (behind if unknown else passed).append(run)
            before |= set() if unknown else {line}
        elif not may_be_credit(line):
            if unknown or len(line) > _LONGEST_UNKNOWN:
                break
            unknown = True
    is_between = bool(before) and any(blocks.line(markup, run) not in before for run in behind)
    return [*passed, *(behind if len(behind) > 1 or is_between else ())]


def _is_said(line: str) -> bool:
    """Whether a line is a sentence rather than one of a list."""
    length = len(repetition.letters(line))
    return length >= _LONG or (length >= _SHORT and any(True for _ in sentences.ends(line)))


def _more_links(markup: str, runs: Sequence[Span]) -> list[Span]:
    """The link behind the last word of all, if it only leads on to the whole text."""
    last = next((run for run in reversed(runs) if markup[slice(*run)].strip()), (0, 0))
    link = re.search(r"(?<!\s)\s*<a [^>]*>([^<]*)</a>[\s»›→\])]*$", markup[slice(*last)])
    if link and patterns.MORE.fullmatch(unescape(link[1]).strip()):
        return [(last[0] + link.start(), last[1])]
    return []
