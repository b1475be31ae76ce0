"""Builds the processes. Nothing else imports it."""
