"""What an estimate says: a middle, what lies between which bounds, and how much of it is the ad's own."""

from dataclasses import dataclass

from brandhound.ads.metrics.formulas import Column, Mask

SHARES = (0.05, 0.25, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class Estimates:
    """One estimate an ad: half of the truth lies in the inner interval, nine tenths in the outer one."""

    mean: Column
    low90: Column
    low50: Column
    high50: Column
    high90: Column
    prior_weight: Column
    """How much of it comes from the other ads: 1 says that nothing is known of this one."""

    @property
    def narrow(self) -> Mask:
        """Where the outer interval is so narrow (less than threefold) that the ad can be judged."""
        return self.high90 < 3 * self.low90
