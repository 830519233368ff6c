"""The corridor: the one place that knows the order of the rooms.

Source ──fetch──▶ Response ──refine──▶ Items ──settle──▶ Poll ──record──▶ Change
Change ──select──▶ Feed ──render──▶ Document ──write──▶ feeds/
"""

from dataclasses import dataclass

from aggregator.pipeline.publishing import FRONT, RETRY, Publishing
from aggregator.pipeline.pushing import Pushing

__all__ = ["FRONT", "RETRY", "Pipeline"]


@dataclass
class Pipeline(Pushing, Publishing):
    """The whole journey through given rooms."""
