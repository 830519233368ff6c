"""Which name a feed has today that had another one before: stated by `was:`, remembered, or undone."""

from collections.abc import Collection, Iterator, Mapping


def resolve(
    configured: Collection[str], stated: Mapping[str, str], known: Mapping[str, str], alive: Collection[str]
) -> dict[str, str]:
    """Every name that no configured feed has, and that of the feed which has its entries and readers.

    `stated` are earlier names with those of today, as the configuration says; `known` the same as it was
    remembered, the latest last. `alive` are the names under which feeds are published. An edit that takes a
    renaming back, so that a feed has an earlier name again and the later one is gone, renames it back.
    """
    names = {*known, *known.values(), *stated}.difference(configured)
    found = {name: _today(name, configured, stated, known, alive) for name in names}
    return {name: today for name, today in found.items() if today is not None}


def _today(
    name: str,
    configured: Collection[str],
    stated: Mapping[str, str],
    known: Mapping[str, str],
    alive: Collection[str],
) -> str | None:
    for step in _steps(name, known):
        if step in configured:
            return step
        if step in stated:
            return stated[step]
        last = step
    for earlier in (one for one in reversed(tuple(known)) if known[one] == last):
        if earlier in stated:
            return stated[earlier]
        if earlier in configured and earlier not in alive:
            return earlier
    return None


def _steps(name: str, known: Mapping[str, str]) -> Iterator[str]:
    """A name and those that followed it."""
    seen = set[str]()
    while name not in seen:
        seen.add(name)
        yield name
        name = known.get(name, name)
