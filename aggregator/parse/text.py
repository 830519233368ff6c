"""The few sentences that stand for an item where its whole text may not."""

import re

from aggregator.model import Item
from aggregator.parse import characters, notices, sentences
from aggregator.parse.boilerplate import CUT_ENDINGS

_CUT = re.compile(r"(?<!\s)\s*(?:\[(?:…|\.\.\.)\]|\((?:…|\.\.\.)\)|…|\.{3,})$")


def excerpt(item: Item, limit: int = 300) -> str:
    """The outlet's summary of an item, or the first sentences of its text: at most `limit` characters, plain.

    It ends with a sentence where one fits, else with a word and "…"; "" where the outlet gave no text.
    """
    authors, outlet = [author.name for author in item.authors], item.head.title
    for source in (item.summary, item.text):
        told = notices.strip_text(
            source[: 20 * limit + 2000], title=item.title, authors=authors, outlet=outlet
        )
        if told:
            return _shortened(_opening(told, 2 * limit), limit, item.language)
    return ""


def _opening(told: str, enough: int) -> str:
    """The text from its first paragraph that holds a sentence: headings and labels before it are skipped.

    What begins after `enough` characters is left out, unless the text would look cut there.
    """
    paragraphs = told.split("\n\n")
    first = next((number for number, paragraph in enumerate(paragraphs) if _is_sentence(paragraph)), 0)
    lines: list[str] = []
    length = 0
    for paragraph in paragraphs[first:]:
        if length > enough and not lines[-1].endswith(CUT_ENDINGS):
            break
        lines.append(characters.one_line(paragraph))
        length += len(lines[-1])
    return " ".join(lines)


def _is_sentence(paragraph: str) -> bool:
    line = characters.one_line(paragraph)
    return any(True for _ in sentences.ends(line)) or len(line) > 200


def _shortened(told: str, limit: int, language: str) -> str:
    whole = _CUT.sub("", told) if told.endswith(CUT_ENDINGS) else told
    if whole == told and len(told) <= limit:
        return told
    fitting = [end for end in sentences.ends(whole[: limit + 40], language) if end <= limit]
    if whole != told and (not fitting or fitting[-1] < len(whole)) and len(whole) < limit and not fitting:
        return whole.rstrip(" ,;:—–-") + "…"
    return whole[: fitting[-1]] if fitting else sentences.cut(whole, limit)
