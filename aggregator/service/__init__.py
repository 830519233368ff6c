"""The application at work: it is built and kept running; each module is one thing that a command wants."""
