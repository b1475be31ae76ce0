"""Brands that are one and the same: suggested with reasons, merged by a person, taken back to the letter."""
