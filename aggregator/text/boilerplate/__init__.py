"""Boilerplate: what sites add to their texts, found by phrases in many languages."""
