"""Pictures and films of ads: fetched, recognized however they are called, and looked at."""
