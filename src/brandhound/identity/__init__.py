"""Who somebody is: users, sign-in, sessions and API keys."""
