"""Whether two names mean the same brand: how likely, and why in words. Thinking only."""
