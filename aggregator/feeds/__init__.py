"""Feeds that we publish: which there are, which entries each shows, their pages and names."""
