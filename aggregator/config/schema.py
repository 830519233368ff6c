"""The shape of sources.yaml as pydantic models; the JSON Schema and the names of all keys come from here.

Every leaf arrives as text and is converted by `values`, so that YAML never decides what a word means.
"""

from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from aggregator.config import types
from aggregator.config.values import text, wrong
from aggregator.text.nearest import did_you_mean

REPUBLISH = ("title", "excerpt", "full")


class Section(BaseModel):
    """A mapping of the file; its keys are written with hyphens, and no others are known."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=lambda name: name.rstrip("_").replace("_", "-")
    )


def _key(description: str, **more: Any) -> Any:
    return Field(description=description, **more)


class Site(Section):
    """The site as a whole."""

    title: types.Text = _key("The name of the site, which is in the title of every feed.")
    url: types.SiteAddress = _key("Where the published files are reachable; all links are made from it.")
    contact: types.Contact = _key(
        "A mail or web address for the outlets we read; part of the User-Agent.", default=""
    )
    language: types.Language = _key("The language of the site's own words, as a language tag.", default="en")
    timezone: types.Timezone = _key(
        "The time zone of dates on pages, as in the IANA database.", default="UTC"
    )
    precompress: types.Flag = _key(
        "Whether gzip, brotli and zstd forms are kept beside the files, for a web server that sends them.",
        default=False,
    )


class PerHost(Section):
    """How gently one web server is treated, whatever number of sources it has."""

    at_once: types.AtOnce | None = _key("How many requests may run at a time.", default=None)
    pause: types.Duration | None = _key("How long to wait between two requests.", default=None)


class Polling(Section):
    """How often sources are read, and how gently."""

    wait: types.Span | None = _key("The shortest and the longest time between two polls.", default=None)
    requests: types.Budget | None = _key("How many requests all polls together may make.", default=None)
    per_host: PerHost = _key("How gently one web server is treated.", default=PerHost())
    allow_private: list[types.Network] | None = _key(
        "Networks of this machine or house that may be polled; none if left out.", default=None
    )
    push: types.Flag | None = _key(
        "Whether hubs are asked to push what is new (WebSub); yes where others can reach site.url.",
        default=None,
    )


class Hub(Section):
    """Who pushes our feeds to subscribers (WebSub); just `on`, `off` or an address, or more."""

    use: types.HubAddress = _key(
        "on for a hub of our own, off for none, or the address of another hub to notify of news.", default=""
    )
    sha1_for: list[types.PageAddress] = _key(
        "Callbacks to sign for with SHA-1; an address that ends with / means all below it.",
        default=[],
    )
    allow_private: list[types.Network] = _key(
        "Networks of this machine or house where callbacks may be; none if left out.", default=[]
    )

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        if value is None or isinstance(value, list):
            raise wrong("The hub is on, off, an address, or `key: value` lines.", "Write on or off.")
        return {"use": value} if isinstance(value, str) else value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        use = handler.resolve_ref_schema(handler(core))["properties"]["use"]
        return {"anyOf": [{"type": use["type"], "pattern": use["pattern"]}, handler(core)]}


class Source(Polling):
    """A feed of a partner; just its address where nothing else is to be said."""

    feed: types.FeedAddress = _key("The address of the feed.")
    title: types.Text = _key("The outlet's name; the feed's own title if left out.", default="")
    page: types.PageAddress = _key("The outlet's home page.", default="")
    license: types.Text = _key("The licence of its texts, as an address or in words.", default="")
    permission: types.Text = _key("Who permitted the republishing, and when.", default="")
    # After license and permission: it is judged together with them.
    republish: Literal["title", "excerpt", "full"] = _key(
        "How much of each item is shown.", default="excerpt"
    )
    pictures: types.Flag = _key("Whether its pictures may be shown from its server.", default=False)
    topics: list[types.KnownTopic] = _key("Topics that every item of the source is given.", default=[])
    weight: types.Weight = _key("How much it matters to the schedule; 2 is twice as much.", default=1.0)
    priority: types.Priority = _key("The lead among copies when nothing else decides.", default=0)
    only: types.Query = _key("A query: take in nothing else.", default="")
    skip: types.Query = _key("A query: do not take in what it finds.", default="")
    headers: dict[types.HeaderName, types.HeaderValue] = _key(
        "Headers to send along; ${NAME} is replaced by an environment variable.", default={}
    )
    private: types.Flag = _key("Whether its feed address is kept out of everything published.", default=False)
    was: list[types.Id] = _key("Its earlier ids; their addresses redirect here.", default=[])

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        if value is None or isinstance(value, list):
            raise wrong("A source is the address of a feed, or `key: value` lines.", "Write the address.")
        return {"feed": value} if isinstance(value, str) else value

    @field_validator("republish", mode="before")
    @classmethod
    def _known_extent(cls, value: object) -> str:
        word = text(value)
        if word not in REPUBLISH:
            raise wrong(f"This must be one of {', '.join(REPUBLISH)}.", did_you_mean(word, REPUBLISH))
        return word

    @field_validator("republish")
    @classmethod
    def _full_needs_a_right(cls, value: str, info: ValidationInfo) -> str:
        unfounded = info.data.get("license") == "" and info.data.get("permission") == ""
        if value == "full" and unfounded:
            raise wrong(
                "To show the full text, a license or a permission must be named.",
                "Add `license:` or `permission:` to the source, or write excerpt.",
            )
        return value

    @field_validator("headers")
    @classmethod
    def _each_header_once(cls, value: dict[str, str]) -> dict[str, str]:
        if len({name.lower() for name in value}) < len(value):
            raise wrong("A header is here twice; capitals make no difference.", "Delete one of the two.")
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string", "pattern": "^https?://"}, handler(core)]}


class Examples(Section):
    """Headlines that show what a topic is; the configuration is refused when one fails."""

    match: types.Lines = _key("Headlines that must get the topic, one a line.", default="")
    not_: types.Lines = _key("Headlines that must not get it, one a line.", default="")


class Topic(Section):
    """A topic: what it is called, and what makes an item belong to it."""

    title: types.Text = _key("The heading of its page and feeds; made from the id if left out.", default="")
    description: types.Text = _key("A sentence below the heading.", default="")
    match: types.Query = _key("Queries, one a line; a line that holds is worth one point.", default="")
    points_needed: types.Points = _key("How many points make an item belong.", default=1)
    only_if: types.Query = _key("A query that must hold besides.", default="")
    strike_out: types.Lines = _key("Phrases removed from the text before matching, one a line.", default="")
    implies: list[types.KnownTopic] = _key("Topics that its items get as well.", default=[])
    was: list[types.TopicId] = _key("Its earlier ids; their addresses redirect here.", default=[])
    examples: Examples = _key(
        "Headlines that must get the topic, and headlines that must not.", default=Examples()
    )


_ENTRIES = {"additionalProperties": False, "type": ["object", "null"]}


class File(Section):
    """sources.yaml as a whole, in the reader's order."""

    site: Site = _key("The site as a whole.")
    hub: Hub = _key("Who pushes our feeds to subscribers (WebSub).", default=Hub())
    polling: Polling = _key("How often sources are read, and how gently.", default=Polling())
    sources: dict[types.Id, Source] = _key("The feeds we read.", default={}, json_schema_extra=_ENTRIES)
    lists: dict[types.Id, types.Lines] = _key(
        "Words and phrases, one a line, for use in queries.", default={}, json_schema_extra=_ENTRIES
    )
    topics: dict[types.TopicId, Topic] = _key(
        "The topics we publish.", default={}, json_schema_extra=_ENTRIES
    )

    @field_validator("sources", "lists", "topics", "polling", mode="before")
    @classmethod
    def _may_be_empty(cls, value: Any) -> Any:
        return {} if value is None else value
