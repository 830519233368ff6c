"""What is made of a body in a process of its own: its items, and what follows from those alone.

A feed that takes too long there takes nothing from the others (docs/decisions/019).
"""

from collections.abc import Sequence
from dataclasses import replace

from aggregator.items import sameness
from aggregator.model import Derived, Failure, Item, Refined, Response, Source
from aggregator.parse import refinement
from aggregator.query.item_view import levelled


def refine(source: Source, response: Response) -> Refined | Failure:
    """The items in a body with what is derived from them, or why there are none."""
    refined = refinement.refine(source, response)
    return refined if isinstance(refined, Failure) else replace(refined, derived=derive(refined.items))


def derive(items: Sequence[Item]) -> Derived:
    """What tagging, recording and indexing would have to work out of each item."""
    return Derived({item.key: sameness.content_hash(item) for item in items}, levelled(items))
