"""How each ad stands: its sums over the last days, what is said of it, and how people want to see it."""
