"""Lists of feeds (OPML 2.0): their writer and their rules."""
