"""Alerts: what is told to people by itself because a brand is spoken of far more, or far less, than it usually is."""
