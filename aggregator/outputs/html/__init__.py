"""Pages for people: their templates and their rules."""
