"""Sample outlets on loopback, for a first look at the whole program: `SampleOutlets`."""

from aggregator.demo.outlets import SampleOutlets

__all__ = ["SampleOutlets"]
