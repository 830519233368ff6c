"""Bytes → items (docs/normalization.md). Pure: what a body means depends on the body and its source alone."""
