"""Adapters, each named after what it touches: HTTP, processes, disk, log."""
