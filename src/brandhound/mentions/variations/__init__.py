"""Other ways to write a brand's name, each with how often the articles of the last 30 days have it. Nothing is stored."""
