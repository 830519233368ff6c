"""Builds the house and keeps it running; each module is one thing that a command can want of it."""
