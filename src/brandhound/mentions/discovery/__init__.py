"""Brands that nobody watches yet and that the articles speak of: found, ranked, and decided on by a person."""
