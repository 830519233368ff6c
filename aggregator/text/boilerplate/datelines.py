"""Datelines: the place, date and agency before the first sentence of a report."""

import re

from aggregator.text.boilerplate.patterns import AGENCY

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

_DATELINE = re.compile(
    rf"(?:{_PLACES},?\s+)?{_DATE},?\s*{_BY}{_DASH}"  # Geneva, Feb 17 (Reuters) -
    rf"|{_PLACES},?\s*{_BY}(?:,?\s*{_DATE})?{_DASH}"  # Geneva (AFP) -
    rf"|{_BY}{_DASH}(?:{_CAPITALS},?\s*(?:{_DATE})?{_DASH})?"  # (ANSA) - ROMA, 17 FEB -
    rf"|{_CAPITALS}(?:,\s*{_PLACE})?,?\s*{_DATE}{_DASH}"  # GENEVA, Feb 17 -
    rf"|{_CAPITALS}(?:,\s*{_PLACE})?\s*(?:[–—]|--|\s-\s)\s*(?=[A-Z“\"'])"  # GENEVA —
    r"|\([가-힣]{2,8}=[가-힣]{2,8}\)\s*(?:[가-힣]{2,4}(?:\s+[가-힣]{2,4})*\s+(?:기자|특파원)\s*=?\s*)?"
    r"|(?:新华社|中新社|共同社|人民网)[^0-9，。]{0,12}[0-9]{1,2}月?[0-9]{0,2}日?[电電](?:[（(][^（）()]{0,20}[)）])?\s*"
)


def without(text: str) -> str:
    """A plain text from its first sentence on, behind the dateline where it begins with one."""
    found = _DATELINE.match(text)
    return text[found.end() :] if found else text
