"""The types of single values: how each comes from text, and what the JSON Schema says of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any

from pydantic import PlainValidator, ValidationInfo, WithJsonSchema

from aggregator.config import headers, values
from aggregator.config.masking import shown
from aggregator.config.values import wrong
from aggregator.text.nearest import did_you_mean

ID_PATTERN = "^[a-z0-9-]{1,64}$"
# Paths that the site publishes itself: /all.atom, /search, /topics.opml …
RESERVED = frozenset(
    {
        "all",
        "archive",
        "assets",
        "digest",
        "embed",
        "favicon",
        "feeds",
        "health",
        "hub",
        "index",
        "metrics",
        "push",
        "robots",
        "search",
        "sitemap",
        "sources",
        "static",
        "status",
        "topics",
        "withdrawn",
    }
)


_DEFINED = "Topics are defined under `topics:` at the end of the file."


@dataclass(frozen=True, slots=True)
class FileContext:
    """What a value is judged against besides itself; the context of every validation."""

    environ: Mapping[str, str]
    topics: frozenset[str]


def _schema(**keywords: Any) -> WithJsonSchema:
    return WithJsonSchema(keywords)


def _topic_id(value: object) -> str:
    name = values.identifier(value)
    if name in RESERVED:
        raise wrong(
            f"{name} is the address of a page of the site.", f"Choose another id, such as {name}-news."
        )
    return name


def _known_topic(value: object, info: ValidationInfo) -> str:
    name = values.text(value)
    if info.context and name not in info.context.topics:
        raise wrong(f"There is no topic {shown(name)}.", did_you_mean(name, info.context.topics) or _DEFINED)
    return name


def _header_value(value: object, info: ValidationInfo) -> str:
    return headers.header_value(value, info.context.environ if info.context else {})


_SCALAR = ["string", "number", "boolean"]  # what a YAML tool may take our text for
_LINES = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": _SCALAR}}]}
_ADDRESS = "^https?://"

Text = Annotated[str, PlainValidator(values.text), _schema(type=_SCALAR)]
Lines = Annotated[str, PlainValidator(values.lines), WithJsonSchema(_LINES)]
Query = Annotated[str, PlainValidator(values.query), _schema(type=_SCALAR)]
Flag = Annotated[
    bool, PlainValidator(values.flag), _schema(enum=[True, False, "yes", "no", "true", "false", "on", "off"])
]
Points = Annotated[
    int,
    PlainValidator(partial(values.whole, low=1, high=1000)),
    _schema(type="integer", minimum=1, maximum=1000),
]
AtOnce = Annotated[
    int,
    PlainValidator(partial(values.whole, low=1, high=100)),
    _schema(type="integer", minimum=1, maximum=100),
]
Priority = Annotated[
    int,
    PlainValidator(partial(values.whole, low=-1000, high=1000)),
    _schema(type="integer", minimum=-1000, maximum=1000),
]
Weight = Annotated[
    float, PlainValidator(values.weight), _schema(type="number", exclusiveMinimum=0, maximum=1000)
]
Duration = Annotated[timedelta, PlainValidator(values.duration), _schema(type=["string", "number"])]
Span = Annotated[tuple[timedelta, timedelta], PlainValidator(values.span), _schema(type="string")]
Budget = Annotated[
    float, PlainValidator(values.budget), _schema(type="string", pattern="^[0-9]+ +per +(minute|hour|day)$")
]
Network = Annotated[str, PlainValidator(values.network), _schema(type="string")]
FeedAddress = Annotated[str, PlainValidator(values.address), _schema(type="string", pattern=_ADDRESS)]
PageAddress = Annotated[str, PlainValidator(values.public_address), _schema(type="string", pattern=_ADDRESS)]
SiteAddress = Annotated[str, PlainValidator(values.site_address), _schema(type="string", pattern=_ADDRESS)]
HubAddress = Annotated[
    str,
    PlainValidator(values.hub),
    _schema(type=["string", "boolean"], pattern="^(yes|no|true|false|on|off|https?://.+)$"),
]
Contact = Annotated[str, PlainValidator(values.contact), _schema(type="string")]
Language = Annotated[
    str,
    PlainValidator(values.language),
    _schema(type="string", pattern="^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"),
]
Timezone = Annotated[str, PlainValidator(values.timezone), _schema(type="string")]
ItemName = Annotated[str, PlainValidator(values.item_name), _schema(type="string", pattern=":")]
Until = Annotated[
    datetime, PlainValidator(values.until), _schema(type="string", pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}")
]
Id = Annotated[str, PlainValidator(values.identifier), _schema(type="string", pattern=ID_PATTERN)]
TopicId = Annotated[str, PlainValidator(_topic_id), _schema(type="string", pattern=ID_PATTERN)]
KnownTopic = Annotated[str, PlainValidator(_known_topic), _schema(type="string", pattern=ID_PATTERN)]
HeaderName = Annotated[str, PlainValidator(headers.header_name), _schema(type="string")]
HeaderValue = Annotated[str, PlainValidator(_header_value), _schema(type=_SCALAR)]
