"""What a model is asked about by itself, what that costs, and where it reads mentions otherwise."""
