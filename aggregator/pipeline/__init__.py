"""The journey of an item: the one place that knows the order of the other packages.

Source ──fetch──▶ Response ──refine──▶ Items ──settle──▶ Poll ──record──▶ Change
Change ──select──▶ Feed ──render──▶ Document ──write──▶ feeds/
"""

from dataclasses import dataclass

from aggregator.pipeline.publications import FRONT, RETRY, Publishing
from aggregator.pipeline.pushes import Pushing

__all__ = ["FRONT", "RETRY", "Pipeline"]


@dataclass
class Pipeline(Pushing, Publishing):
    """The whole journey through given rooms."""
