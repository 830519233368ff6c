"""Whether a document may replace the last good one: it is read back and held against its format's rules.

Nothing here knows the writers of formats; what they get wrong is found in the bytes. A fault is a
value: the document, the entry that causes it where one does, and a sentence.
"""

from collections.abc import Iterable, Mapping, Sequence

from aggregator.model import Document, Fault
from aggregator.outputs.checks import xml
from aggregator.outputs.checks.xml import UnreadableError
from aggregator.outputs.composition import FormatRules, Frame, Passed, Read, Scope
from aggregator.outputs.html import check as page
from aggregator.outputs.opml import check as opml

Found = Iterable[tuple[str, str]]
"""Pairs of an entry's id, "" for the document itself, and what is wrong there."""

_OTHERS: dict[str, Read] = {
    ".html": page.read,
    ".opml": opml.read,
    ".svg": xml.read,
    ".xml": xml.read,
}
"""How documents that are no feeds are read, by their endings."""


def examine(
    document: Document,
    feeds: Mapping[str, Read],
    ids: Sequence[str] | None = None,
    *,
    entries: bool = True,
) -> tuple[Fault, ...]:
    """All that is wrong with a document; one of a kind that has no rules passes.

    `feeds` are the readers of feeds by their endings.

    `ids` are those that its entries should have, in order; None where that is not known. Without `entries`
    those are only listed: they were examined before, in documents of their own.
    """
    suffix = "." + document.path.rpartition(".")[2]
    read = feeds.get(suffix) or _OTHERS.get(suffix)
    if read is None:
        return ()
    try:
        found, faults = read(document.body, entries)
        told = [*_listed(found, ids), *faults]
    except UnreadableError as unreadable:
        told = [("", str(unreadable))]
    return _told(document.path, told)


def scope(rules: FormatRules, frame: Frame) -> Scope:
    """The namespaces that are bound where entries stand in the frame of a format; raises Unreadable."""
    return rules.frame(frame)[0]


def examine_entry(
    rules: FormatRules, path: str, body: bytes, id: str, scope: Scope
) -> tuple[Passed, tuple[Fault, ...]]:
    """An entry of that id by itself, ready for each frame of that scope if it has no faults.

    `path` names the document in faults.
    """
    try:
        found, faults = rules.entry(body, scope)
        told = [*_listed(found, [id]), *(("", sentence) for sentence in faults)]
    except UnreadableError as unreadable:
        told = [("", str(unreadable))]
    return Passed(id, body, scope), _told(path, told)


def compose(
    rules: FormatRules, path: str, frame: Frame, entries: Sequence[Passed], ids: Sequence[str]
) -> tuple[Document, tuple[Fault, ...]]:
    """A document of entries that passed, and all that is wrong with it: its frame, its list of ids.

    What it makes of them is right where nothing is: decision 104.
    """
    document = Document(path, frame.around(entry.body for entry in entries))
    try:
        bound, faults = rules.frame(frame)
        told = [*_listed([entry.id for entry in entries], ids), *(("", sentence) for sentence in faults)]
    except UnreadableError as unreadable:
        return document, _told(path, [("", str(unreadable))])
    if any(entry.scope != bound for entry in entries):
        told.append(("", "its frame binds other namespaces than its entries were examined with"))
    return document, _told(path, told)


def _told(path: str, told: Found) -> tuple[Fault, ...]:
    return tuple(Fault(path, sentence, entry) for entry, sentence in dict.fromkeys(told))


def _listed(found: Sequence[str] | None, asked: Sequence[str] | None) -> Found:
    if found is None:
        return
    seen: set[str] = set()
    for id in found:
        if id in seen:
            yield "", f"two entries have the id {id!r}"
        seen.add(id)
    if asked is not None and list(found) != list(asked):
        yield "", _difference(found, asked)


def _difference(found: Sequence[str], asked: Sequence[str]) -> str:
    if len(found) != len(asked):
        return f"it has {len(found)} entries instead of {len(asked)}"
    wrong, right = next(pair for pair in zip(found, asked, strict=True) if pair[0] != pair[1])
    return f"the id {wrong!r} is where {right!r} should be"
