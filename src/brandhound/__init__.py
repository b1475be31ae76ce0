"""brandhound: hears what is said about your brands, shows why, and helps you act on it."""

__version__ = "0.1.0"
