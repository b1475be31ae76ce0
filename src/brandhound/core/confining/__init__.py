"""Work on strangers' bytes in processes that can be killed."""
