"""Atom 1.0 (RFC 4287): its writer and its rules."""
