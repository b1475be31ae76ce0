"""How good the product's judgements are, each beside what a simpler way would do."""
