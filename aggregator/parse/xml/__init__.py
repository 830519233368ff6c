"""XML feeds: RSS, RDF, Atom and CDF, mended where they are broken, read by feedparser."""
