"""The nouns of `aggregator.model` as JSON and back, exactly; and times as the numbers that columns hold."""

import dataclasses
import json
import types
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from aggregator.items.sameness import usual

T = TypeVar("T")
Reader = Callable[[Any], Any]


class DamagedError(ValueError):
    """What is no JSON, or holds what cannot be read, though `encode` wrote it."""


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def stamp(moment: datetime) -> int:
    """Microseconds since 1970 in UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(stamp: int) -> datetime:
    """The aware datetime of a `stamp`."""
    return _EPOCH + stamp * _MICROSECOND


def plain(text: str) -> str:
    """The text as UTF-8 can hold it: a lone surrogate becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def encode(value: object) -> str:
    """The JSON of a model value, of a tuple of them, or of what they are made from; defaults are left out."""
    text = _READABLE.encode(value)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # a lone surrogate, which only an escape can carry
        return _ESCAPED.encode(value)
    return text


def decode(kind: type[T], text: str | bytes) -> T:
    """The value that `encode` was given; a field it lacks has its default, an unknown one is dropped."""
    read = _reader(cast(Any, kind))
    try:
        raw = json.loads(text)
        value: T = read(raw) if read else raw
    except ValueError as error:
        raise DamagedError(f"no {getattr(kind, '__name__', kind)}: {error}") from error
    return value


def _simpler(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    kind: Any = value.__class__
    fields = usual(kind)
    if fields is not None:
        return {name: one for name, default in fields if (one := getattr(value, name)) != default}
    if isinstance(value, timedelta):
        return value // _MICROSECOND
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


_READABLE = json.JSONEncoder(default=_simpler, ensure_ascii=False, separators=(",", ":"))
_ESCAPED = json.JSONEncoder(default=_simpler, separators=(",", ":"))


@cache
def _reader(hint: Any) -> Reader | None:
    """What turns JSON's value into one of this type; None where JSON's own is already right."""
    if dataclasses.is_dataclass(hint):
        return _dataclass_reader(hint)
    if hint is datetime:
        return datetime.fromisoformat
    if hint is timedelta:
        return _MICROSECOND.__mul__
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _optional_reader(next(one for one in arguments if one is not types.NoneType))
    if origin is frozenset:
        return frozenset
    if origin is tuple:
        return _tuple_reader(arguments)
    return None


def _dataclass_reader(kind: Any) -> Reader:
    hints = get_type_hints(kind)
    known = frozenset(hints)
    converted = [(name, read) for name, hint in hints.items() if (read := _reader(hint))]

    def build(raw: dict[str, Any]) -> Any:
        values = raw if raw.keys() <= known else {name: raw[name] for name in raw.keys() & known}
        for name, read in converted:
            if name in values:
                values[name] = read(values[name])
        return kind(**values)

    return build


def _optional_reader(hint: Any) -> Reader | None:
    read = _reader(hint)
    if read is None:
        return None
    return lambda raw: None if raw is None else read(raw)


def _tuple_reader(arguments: tuple[Any, ...]) -> Reader:
    """Of `tuple[X, ...]`, or of one whose every place has its type."""
    if arguments[-1] is not Ellipsis:
        readers = [_reader(one) for one in arguments]
        return lambda raw: tuple(read(one) if read else one for read, one in zip(readers, raw, strict=True))
    read = _reader(arguments[0])
    return (lambda raw: tuple(map(read, raw))) if read else tuple
