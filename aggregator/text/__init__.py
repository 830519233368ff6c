"""Text as every other package needs it: digests, lengths of time, and the nearest known word."""
