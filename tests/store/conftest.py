"""The stores that the same tests hold for."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.store import Store
from aggregator.store.sqlite import SqliteStore
from tests.fakes.store import MemoryStore
from tests.store.given import NAMESPACE, NOW, source

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


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a database lies, in a folder of its own."""
    return tmp_path / "data" / "store.db"


@pytest.fixture
def on_disk(path: Path) -> Iterator[SqliteStore]:
    """A store in a file, which waits for no other writer and knows the source north."""
    with closing(SqliteStore.open(path, patience=timedelta(0))) as store:
        store.namespace(NAMESPACE)
        store.sync([source("north")], NOW)
        yield store
