"""Ad accounts: connecting them to brands, bringing in what they delivered, and what that means."""
