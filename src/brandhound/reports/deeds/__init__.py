"""What people do to many reports at once: tagged, put away, deleted, and taken back."""
