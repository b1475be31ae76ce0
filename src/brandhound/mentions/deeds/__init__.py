"""What people do to stories by hand: merging, splitting, tagging, putting away, and taking it back."""
