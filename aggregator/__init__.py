"""Polls partner feeds politely and republishes one feed per topic."""

__version__ = "0.2.0"
