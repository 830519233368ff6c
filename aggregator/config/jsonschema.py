"""The JSON Schema that helps an editor while the operator types (draft 2020-12)."""

import json
from typing import Any

from pydantic import BaseModel

from aggregator.config.desk import DeskFile
from aggregator.config.schema import File

_NULL = {"type": "null"}


SHAPES: dict[str, type[BaseModel]] = {"sources": File, "desk": DeskFile}


def json_schema(of: str = "sources") -> str:
    """The schema of sources.yaml or desk.yaml, made from the same models that validate it."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | SHAPES[of].model_json_schema()
    return json.dumps(_tidy(schema), indent=2, ensure_ascii=False) + "\n"


def _tidy(value: Any) -> Any:
    """Without the names that pydantic makes up, and without null: a key that is left out is not written."""
    if isinstance(value, list):
        return [_tidy(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    invented = {key for key, entry in value.items() if key == "title" and isinstance(entry, str)}
    kept = {key: _tidy(entry) for key, entry in value.items() if key not in invented and entry is not None}
    if _NULL in kept.get("anyOf", ()):
        (only,) = [entry for entry in kept.pop("anyOf") if entry != _NULL]
        kept |= only
    return kept
