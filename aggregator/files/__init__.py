"""Files of operators and of our own: how they are opened, read and replaced."""
