"""What is counted about ads, in which unit, and how it is put together. Thinks only: no database, no network."""
