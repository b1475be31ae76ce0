"""Models: the one door to them, what they may be asked, what it cost, and the answers that are kept."""
