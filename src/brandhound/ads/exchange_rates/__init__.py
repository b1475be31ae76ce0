"""Daily rates between currencies that an organization put in, to show money of several accounts in one currency."""
