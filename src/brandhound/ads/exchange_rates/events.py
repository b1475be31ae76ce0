"""What others may want to know of rates."""

from brandhound.jobs.registry import Event


class RatesChanged(Event):
    """Rates were put in, taken away or put back."""
