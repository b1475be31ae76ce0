"""What every package stands on: database, settings, clock, files, secrets, problems, the guard to the outside."""
