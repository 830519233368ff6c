"""The nouns that flow through the house: frozen values, no clock, no disk, no network.

Times are aware datetimes in UTC. URLs are absolute http(s) addresses unless a name says otherwise.
"Plain" means text with no markup and no entities; "HTML" means already reduced to the allow-list.
"""

from aggregator.model.arriving import (
    Author,
    Category,
    Enclosure,
    Failure,
    FailureKind,
    Head,
    Item,
    Pace,
    Picture,
    Refined,
    Request,
    Response,
    Validators,
)
from aggregator.model.configured import Config, Decision, Hub, Polling, Republish, Site, Source, Topic
from aggregator.model.events import Event, Polled, Published
from aggregator.model.polls import Change, Claim, Logged, Memory, Outcome, Poll, Stale
from aggregator.model.publishing import Copy, Document, Entry, Feed, Found, Selection
from aggregator.model.tags import Reason, Retagged, Stored, Tag, Tagged

__all__ = [
    "Author",
    "Category",
    "Change",
    "Claim",
    "Config",
    "Copy",
    "Decision",
    "Document",
    "Enclosure",
    "Entry",
    "Event",
    "Failure",
    "FailureKind",
    "Feed",
    "Found",
    "Head",
    "Hub",
    "Item",
    "Logged",
    "Memory",
    "Outcome",
    "Pace",
    "Picture",
    "Poll",
    "Polled",
    "Polling",
    "Published",
    "Reason",
    "Refined",
    "Republish",
    "Request",
    "Response",
    "Retagged",
    "Selection",
    "Site",
    "Source",
    "Stale",
    "Stored",
    "Tag",
    "Tagged",
    "Topic",
    "Validators",
]
