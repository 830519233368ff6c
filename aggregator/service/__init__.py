"""Builds the house and keeps it running."""

from aggregator.service.history import ApplyReport, PlanReport, apply_to_history, plan_history
from aggregator.service.house import House, Settings, now, open_house, read_config
from aggregator.service.inspecting import ItemExplained, explain_item, explain_text
from aggregator.service.once import PollReport, poll_once, publish_once
from aggregator.service.running import Parts, run
from aggregator.service.searching import search_once
from aggregator.service.surveying import Checked, Warned, check_on_store, suggest_words

__all__ = [
    "ApplyReport",
    "Checked",
    "House",
    "ItemExplained",
    "Parts",
    "PlanReport",
    "PollReport",
    "Settings",
    "Warned",
    "apply_to_history",
    "check_on_store",
    "explain_item",
    "explain_text",
    "now",
    "open_house",
    "plan_history",
    "poll_once",
    "publish_once",
    "read_config",
    "run",
    "search_once",
    "suggest_words",
]
