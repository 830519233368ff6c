"""HTML of strangers: what it is, which of it stays, and plain text made of it."""
