"""Bringing in what ads cost and did: syncs, files, and how what is here compares with the source."""
