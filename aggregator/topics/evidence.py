"""By which rules the tags of a stored item stand: the one evidence for what is out of date.

It is kept as text beside the tags: mostly the version of the rules that gave all of them. What stands after
that says what was done to the tags since (docs/decisions/114).
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

_STEPS = 4  # versions that are remembered of an item, so that edits can be undone
_TEXT = re.compile(r"(?P<versions>[^+~?]*)(?:\+(?P<added>[^~?]*))?(?P<renamed>~?)(?P<merged>\??)")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Versions of the rules behind some tags, the latest last.

    The tags are what the last of `versions` gives and, as far as their topics are known to it, what each
    earlier one gives.
    """

    versions: tuple[str, ...]
    added: str = ""  # a later version of which the tags of new topics were added, and nothing else
    renamed: bool = False  # a topic has another id now than the rules knew it by
    merged: bool = False  # two topics became one, so that the tags of one were lost

    def __str__(self) -> str:
        added = f"+{self.added}" if self.added else ""
        return f"{'='.join(self.versions)}{added}{'~' if self.renamed else ''}{'?' if self.merged else ''}"

    def is_current(self, version: str) -> bool:
        """Whether the tags are those that rules of that version give."""
        return self.versions[-1] == version and not (self.added or self.renamed or self.merged)

    def leads_back(self, version: str) -> bool:
        """Whether taking away the tags of topics that are unknown today leaves what that version gives."""
        return not (self.renamed or self.merged or self.is_current(version)) and version in self.versions

    def has_added(self, version: str) -> bool:
        """Whether the tags of new topics were added by rules of that version."""
        return self.added == version

    def back(self, version: str) -> "Evidence":
        """After that was done."""
        return Evidence(self.versions[: self.versions.index(version) + 1])

    def filled(self, version: str, *, whole: bool, unheard_of: bool) -> "Evidence":
        """After tags of new topics were added; `whole` where the tags now are all that the version gives.

        Where none of these topics was `unheard_of`, an earlier version may know one of them otherwise.
        """
        known = self.versions if unheard_of else ("",)
        if not whole:
            return replace(self, versions=known, added=version)
        versions = () if self.renamed or self.merged else known
        return Evidence((*versions, version)[-_STEPS:])


@lru_cache(maxsize=4096)
def read(text: str) -> Evidence:
    """The evidence in the text that stands beside the tags of an item."""
    found = _TEXT.fullmatch(text)
    if found is None:
        return Evidence((text,))
    return Evidence(
        tuple(found["versions"].split("=")),
        found["added"] or "",
        bool(found["renamed"]),
        bool(found["merged"]),
    )
