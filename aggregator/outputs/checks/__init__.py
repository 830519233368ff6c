"""Checks that every format shares: of XML, of markup, of addresses and dates."""
