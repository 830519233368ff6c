"""What is put together of things that were examined apart is right as a whole."""

import re
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Document
from aggregator.outputs import formats, validity
from aggregator.outputs.composition import FormatRules, Frame, Passed
from aggregator.outputs.formats import readers
from tests.outputs.test_checks import DOCUMENTS, IDS

_ENTRIES = {
    "diplomacy.atom": re.compile(rb"  <entry.*?</entry>\n", re.DOTALL),
    "diplomacy.rss": re.compile(rb"    <item>.*?</item>\n", re.DOTALL),
    "diplomacy.json": re.compile(rb"\n  \{\n.*?\n  \}", re.DOTALL),
}
_SPLICES = rb"""
<!-- --> <!-- --!> <![CDATA[ ]]> <?x ?> < > & &lt; &x; " ' / <x> </x> <x/> <id>urn:x:1</id> <title>x</title>
<entry> </entry> <feed> </feed> </entry><entry> <item> </item> <guid>1</guid> </channel><channel> </channel>
<channel> </rss> </entries><entries> </entries> <entries> <media:x/> <dc:x/> xmlns='x' xmlns:media='x'
{ } [ ] , : \ {}, ,{} [] null 1 "id":"urn:x:1", ],"items":[ },{ "items":[], "version":1,
<!DOCTYPE&x> encoding='UTF-16'
""".split()
_SPLICES += [b"", b" ", b"\xff", b"\x00", b"<!DOCTYPE x>", b"<?xml version='1.0'?>"]


class Pieces(NamedTuple):
    """A document taken apart."""

    path: str
    frame: Frame
    entries: list[bytes]

    @property
    def rules(self) -> FormatRules:
        suffix = self.path.removeprefix("diplomacy")
        return next(format.rules for format in formats.FORMATS if format.suffix == suffix)


def apart(path: str) -> Pieces:
    body = DOCUMENTS[path].body
    found = list(_ENTRIES[path].finditer(body, max(0, body.find(b'"items"'))))
    frame = Frame(body[: found[0].start()], body[found[0].end() : found[1].start()], body[found[-1].end() :])
    entries = [one[0] for one in found]
    assert frame.around(entries) == body
    assert len(entries) == len(IDS)
    return Pieces(path, frame, entries)


def spliced(data: st.DataObject, whole: bytes) -> bytes:
    """The bytes with something else in one place of them."""
    at = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.one_of(st.just(at), st.integers(at, min(len(whole), at + 40))))
    return whole[:at] + data.draw(st.sampled_from(_SPLICES)) + whole[end:]


def passed(pieces: Pieces) -> list[Passed] | None:
    """The entries by themselves, if all of them pass."""
    scope = validity.scope(pieces.rules, apart(pieces.path).frame)
    several = [
        validity.examine_entry(pieces.rules, pieces.path, *one, scope)
        for one in zip(pieces.entries, IDS, strict=True)
    ]
    return None if any(faults for _, faults in several) else [one for one, _ in several]


def is_composed(pieces: Pieces) -> Document | None:
    """The document of those pieces, unless the gate has anything against one of them or all together."""
    entries = passed(pieces)
    if entries is None:
        return None
    document, faults = validity.compose(pieces.rules, pieces.path, pieces.frame, entries, IDS)
    return None if faults else document


@pytest.mark.parametrize("path", _ENTRIES)
def test_what_is_taken_apart_is_put_together_again(path: str) -> None:
    assert is_composed(apart(path)) == DOCUMENTS[path]


@pytest.mark.parametrize("path", _ENTRIES)
@given(data=st.data())
def test_what_is_put_together_passes_as_a_whole(path: str, data: st.DataObject) -> None:
    whole = apart(path)
    where = data.draw(st.sets(st.integers(0, 4), min_size=1, max_size=2))
    entries = [spliced(data, one) if n in where else one for n, one in enumerate(whole.entries)]
    frame = Frame(*(spliced(data, one) if n + 2 in where else one for n, one in enumerate(whole.frame)))
    document = is_composed(Pieces(path, frame, entries))
    assert document is None or validity.examine(document, readers(), IDS) == ()
