"""The tables of the store, step by step (docs/store.md); a step that was released never changes.

Steps are registered as their modules are imported: `items` first, then `feeds`.
"""

from aggregator.store.sqlite.migrations.schema import APPLICATION_ID, SCHEMA, unknown_steps

from aggregator.store.sqlite.migrations import items, feeds  # isort: skip

__all__ = ["APPLICATION_ID", "SCHEMA", "feeds", "items", "unknown_steps"]
