"""What the processes say: one configuration, one record a line, to standard output and into the database."""
