"""Text as every other package needs it: addresses, markup, languages, dates, digests."""
