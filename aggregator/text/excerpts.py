"""The few sentences that stand for an item where its whole text may not."""

import re
from collections.abc import Sequence

from aggregator.model import Item
from aggregator.text import characters, sentences
from aggregator.text.boilerplate import notices
from aggregator.text.boilerplate.patterns import AGENCY, CUT_ENDINGS

_DASH = r"\s*(?:[.,]?\s*[-–—−]{1,3}|=|:)\s*"
_PLACE = r"[^\W\d_][\w.'’-]*(?:[ /][^\W\d_][\w.'’-]*){0,4}"
_PLACES = rf"{_PLACE}(?:\s*[,/]\s*{_PLACE}){{0,2}}"
_CAPITAL = r"[^\W\d_a-zß-öø-ÿа-я]"
_CAPITALS = rf"{_CAPITAL}(?:{_CAPITAL}|[.'’-])+(?:[ /,]+{_CAPITAL}(?:{_CAPITAL}|[.'’-])*){{0,4}}"
_MONTH = r"[^\W\d_]{3,12}\.?"
_DATE = rf"(?:{_MONTH}\s+[0-9]{{1,2}}|[0-9]{{1,2}}\.?\s+(?:de\s+)?{_MONTH})(?:,?\s+[0-9]{{4}})?"
_NAMED = rf"(?i:{AGENCY}|ips|cna|bernama|antara|mena|wafa|irna|news agency|prensa latina|telesur)"
_NAME = r"[A-Z][A-Za-z]+[A-Z][A-Za-z]*|[A-Z][\w. ]{1,24}(?:News|Press|Agency|Wire)"
_BY = rf"\(\s*(?:{_NAMED}|{_NAME})[^()]{{0,30}}\)"
_LATIN = r"\((?i:europa press|efe|ansa|lusa)\)"
_RUSSIAN = r"(?:РИА Новости|ТАСС|Интерфакс)"

_DATELINE = re.compile(
    rf"(?:{_PLACES},?\s+)?{_DATE},?\s*{_BY}{_DASH}"  # Geneva, Feb 17 (Reuters) -
    rf"|{_PLACES},?\s*{_BY}(?:,?\s*{_DATE})?{_DASH}"  # Geneva (AFP) -
    rf"|{_BY}{_DASH}(?:{_CAPITALS},?\s*(?:{_DATE})?{_DASH})?"  # (ANSA) - ROMA, 17 FEB -
    rf"|{_CAPITALS},?\s*[0-9]{{1,2}}(?:\s{_MONTH})?\s*{_LATIN}\s*[-–—.]{{0,2}}\s*"  # MADRID, 17 (EFE)
    rf"|{_CAPITALS}(?:,\s*{_PLACE})?,?\s*{_DATE}{_DASH}(?:{_RUSSIAN}\.\s+)?"  # GENEVA, Feb 17 -
    rf"|{_CAPITALS}(?:,\s*{_PLACE})?\s*(?:[–—]|--|\s-\s)\s*(?=[A-Z“\"'])"  # GENEVA —
    r"|\([가-힣]{2,8}=[가-힣]{2,8}\)\s*(?:[가-힣]{2,4}(?:\s+[가-힣]{2,4})*\s+(?:기자|특파원)\s*=?\s*)?"
    r"|(?:新华社|中新社|共同社|人民网)[^0-9，。]{0,12}[0-9]{1,2}月?[0-9]{0,2}日?[电電](?:[（(][^（）()]{0,20}[)）])?\s*"
)


def without(text: str) -> str:
    """A plain text from its first sentence on, behind the dateline where it begins with one."""
    found = _DATELINE.match(text)
    return text[found.end() :] if found else text


_CUT = re.compile(r"(?<!\s)\s*(?:\[(?:…|\.\.\.)\]|\((?:…|\.\.\.)\)|…|\.{3,})$")
_PLAYER = re.compile(r"^(?:[0-9]{1,2}:){1,2}[0-9]{2}\s*/\s*(?:[0-9]{1,2}:){1,2}[0-9]{2}\s+")
_NUMBER_AHEAD = re.compile(r"^\(?[0-9]{1,3}[.)]\s+(?=\D)")  # of a list
_NUMBER_BEHIND = re.compile(r"(?<=[.!?…])\s+\(?[0-9]{1,3}[.)]$")
_NOT_THE_START = re.compile(
    r"(?i)(?:table of contents?|contents|inhalt(?:sverzeichnis)?|[íi]ndice|sommaire|inhoud|содержание"
    r"|目次|목차)\b\W*"
    r"(?:$|hide|show|toggle)|[0-9:]+\s*/\s*[0-9:]+|(?:[0-9]{1,2}:){1,2}[0-9]{2}\b"
)
_LABEL = 80  # characters
_FULL_STOPS, _COLONS = ".!?。！？", ":："
_ENDS = ".!?…。！？:;,”\"'»)]’"


def excerpt(item: Item, limit: int = 300) -> str:
    """The outlet's summary of an item, or the first sentences of its text: at most `limit` characters, plain.

    It begins behind a dateline and ends with a sentence where one fits, else with a word and "…"; "" where
    the outlet gave no text. A summary that is the cut beginning of the text gives way to its sentences.
    """
    authors, outlet = [author.name for author in item.authors], item.head.title
    is_text = item.summary == characters.one_line(item.text[: 2 * len(item.summary) + 100])
    is_behind = is_text or _is_cut(item.summary, item.text)
    sources = (item.text, item.summary) if is_behind else (item.summary, item.text)
    for source in sources:
        told = notices.strip_text(
            source[: 20 * limit + 2000], title=item.title, authors=authors, outlet=outlet
        )
        if told := without(_PLAYER.sub("", told)):
            return _shortened(*_opening(told, 2 * limit), limit, item.language)
    return ""


def _is_cut(summary: str, text: str) -> bool:
    """Whether a summary is the beginning of the text and ends within a sentence of it."""
    whole = characters.one_line(_CUT.sub("", summary))
    start = characters.one_line(text[: 2 * len(whole) + 200])
    begins = start.startswith(whole) or without(start).startswith(without(whole))
    return bool(whole) and begins and not any(end == len(whole) for end in sentences.ends(whole))


def _opening(told: str, enough: int) -> tuple[str, list[int]]:
    """The text from its first paragraph that holds a sentence, and where paragraphs end it.

    Headings and labels on the way are left out, and so is what begins after `enough` characters, unless the
    text would look cut there.
    """
    paragraphs = [line for paragraph in told.split("\n\n") if (line := characters.one_line(paragraph))]
    first = next((number for number, paragraph in enumerate(paragraphs) if _is_sentence(paragraph)), 0)
    lines: list[str] = []
    ends: list[int] = []
    length = 0
    for paragraph in paragraphs[first:]:
        if length > enough and not lines[-1].endswith(CUT_ENDINGS):
            break
        if lines and _is_label(paragraph):
            continue
        lines.append(_NUMBER_AHEAD.sub("", paragraph) if not lines else paragraph)
        length += len(lines[-1]) + 1
        ends += [length - 1] if lines[-1][-1] in _FULL_STOPS else []
    return _NUMBER_BEHIND.sub("", " ".join(lines)), ends


def _is_label(line: str) -> bool:
    """Whether a line is a heading, the number of a list, the clock of a player or the field of a form."""
    return len(line) <= _LABEL and line[-1] not in _ENDS and not any(True for _ in sentences.ends(line))


def _is_sentence(line: str) -> bool:
    if _NOT_THE_START.match(line):
        return False
    introduces = line[-1] in _COLONS and len(line) > _LABEL // 2
    return introduces or any(True for _ in sentences.ends(line)) or len(line) > 200


def _shortened(told: str, ends: Sequence[int], limit: int, language: str) -> str:
    whole = _CUT.sub("", told) if told.endswith(CUT_ENDINGS) else told
    if whole == told and len(told) <= limit:
        return told
    found = {*sentences.ends(whole[: limit + 40], language), *ends}
    fitting = sorted(end for end in found if end <= min(limit, len(whole)))
    if whole != told and (not fitting or fitting[-1] < len(whole)) and len(whole) < limit and not fitting:
        return whole.rstrip(" ,;:—–-") + "…"
    return whole[: fitting[-1]] if fitting else sentences.cut(whole, limit)
