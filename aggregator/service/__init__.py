"""Builds the house and keeps it running."""

from aggregator.service.house import House, Settings, now, open_house, read_config
from aggregator.service.inspecting import ItemExplained, explain_item, explain_text
from aggregator.service.once import PollReport, poll_once, publish_once
from aggregator.service.running import Parts, run

__all__ = [
    "House",
    "ItemExplained",
    "Parts",
    "PollReport",
    "Settings",
    "explain_item",
    "explain_text",
    "now",
    "open_house",
    "poll_once",
    "publish_once",
    "read_config",
    "run",
]
