"""Finding out what happened: log lines of every process, searched, kept for a time, and let go."""
