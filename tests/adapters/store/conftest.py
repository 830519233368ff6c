"""The stores that the same tests hold for."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aggregator.adapters.sqlite import SqliteStore
from aggregator.ports import Store
from tests.adapters.store.given import NAMESPACE, NOW, source
from tests.fakes.store import MemoryStore

STORES: dict[str, Callable[[Path], Store]] = {
    "sqlite": lambda folder: SqliteStore.open(folder / "store.db"),
    "memory": lambda folder: MemoryStore(),
}


@pytest.fixture(params=STORES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store that nothing was ever said to."""
    store = STORES[request.param](tmp_path)
    yield store
    store.close()


@pytest.fixture
def store(empty: Store) -> Store:
    """A store that knows the sources north, south and east."""
    empty.namespace(NAMESPACE)
    empty.sync([source("north"), source("south"), source("east")], NOW)
    return empty
