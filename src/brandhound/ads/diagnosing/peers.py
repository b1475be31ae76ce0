"""With whom an ad is compared: ads of campaigns for the same thing, and videos apart from stills where they surely differ.

What a campaign is for moves who sees an ad, how many click, what that costs and how many buy. Beside ads of another aim an
ordinary one looks very good or very bad.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from brandhound.ads.baselines.rates import fit_rates, log_likelihood
from brandhound.ads.diagnosing.cases import Case
from brandhound.ads.diagnosing.claiming import Claim
from brandhound.ads.diagnosing.claims import claims
from brandhound.ads.diagnosing.rules import aim_of
from brandhound.ads.diagnosing.screening import Screen
from brandhound.ads.diagnosing.verdicts import Among, Evidence, Lack
from brandhound.ads.metrics.formulas import Column, Mask

UNKNOWN = "other"
ENOUGH_APART = 20
"""So many videos and so many stills, before they are asked whether they differ."""
SURELY_APART = 8.0
"""So much likelier (as a logarithm) their click rates are as two kinds than as one: chance makes two of one kind three times in
ten thousand."""


@dataclass(frozen=True, slots=True)
class Circle:
    """Ads that are held against each other."""

    members: Mask
    case: Case


@dataclass(frozen=True, slots=True)
class Peers:
    """Ads that are compared with the same others."""

    name: str
    members: Mask
    circles: tuple[Circle, ...]
    """Those most alike first, and last the widest they can be compared with."""

    def circle_for(self, metric: str) -> Circle:
        """The narrowest that is large enough to say what is usual, else the widest."""
        return next((one for one in self.circles if one.case.usual[metric].sufficient), self.circles[-1])

    def within(self, circle: Circle) -> Mask:
        """Which ads of the circle they are."""
        return self.members[circle.members]


def peers_names(objective: str | None, video: bool) -> tuple[str, str]:
    """What the peers of such an ad are called where videos stand apart from stills, and where they do not."""
    aim = aim_of(objective or "") or UNKNOWN
    return f"{aim}_{'video' if video else 'still'}", aim


def peers_of(case: Case) -> list[Peers]:
    """All ads of the account, each among its peers."""
    aims = np.array([aim_of(objective) or "" for objective in case.objectives], dtype=object)
    everybody = Circle(np.ones(case.size, dtype=np.bool_), case)
    found: list[Peers] = []
    for aim in sorted(set(aims)):
        members = np.asarray(aims == aim, dtype=np.bool_)
        those = everybody if members.all() else Circle(members, case.chosen(members))
        circles = (those,)
        if not members.all() and not aim:
            circles = (those, everybody)
        found += _by_format(aim or UNKNOWN, members, circles)
    return found


def _by_format(name: str, members: Mask, circles: tuple[Circle, ...]) -> list[Peers]:
    case = circles[0].case
    if not _differ(case):
        return [Peers(name, members, circles)]
    found: list[Peers] = []
    for form, own in (("video", case.video), ("still", ~case.video)):
        those = members.copy()
        those[members] = own
        found.append(Peers(f"{name}_{form}", those, (Circle(those, case.chosen(own)), *circles)))
    return found


def _differ(case: Case) -> bool:
    """Whether videos and stills are many, and clicked so differently that they are no ads of one kind."""
    done, tried = case.trials("ctr")
    sides = [side & (tried > 0) for side in (case.video, ~case.video)]
    if min(int(side.sum()) for side in sides) < ENOUGH_APART:
        return False
    clumped = case.rates["ctr"].clumping
    apart = sum(log_likelihood(fit_rates(done[s], tried[s], clumped), done[s], tried[s]) for s in sides)
    return apart - log_likelihood(case.rates["ctr"], done, tried) > SURELY_APART


def spread(case: Case, peers: Sequence[Peers], metric: str, thought: Callable[[Case], Column]) -> Column:
    """What is thought of each ad among the peers that say what is usual in a metric."""
    if len(peers) == 1 and peers[0].circle_for(metric).case is case:
        return thought(case)
    found = np.full(case.size, np.nan)
    for one in peers:
        circle = one.circle_for(metric)
        found[one.members] = thought(circle.case)[one.within(circle)]
    return found


def claims_among_peers(case: Case, peers: Sequence[Peers], seen: Screen) -> list[Claim]:
    """Every rule, looked at for every ad beside the narrowest circle that is large enough for it."""
    made: dict[int, dict[str, Claim]] = {}

    def of(circle: Circle) -> dict[str, Claim]:
        if id(circle.case) not in made:
            made[id(circle.case)] = {claim.rule: claim for claim in claims(circle.case, seen)}
        return made[id(circle.case)]

    if len(peers) == 1 and len(peers[0].circles) == 1:
        return list(of(peers[0].circles[0]).values())
    rules = dict.fromkeys(rule for one in peers for rule in of(one.circles[0]))
    # What nothing can be said of among some may be said among more.
    rules |= dict.fromkeys(rule for one in peers for circle in one.circles[1:] for rule in of(circle))
    return [_together(case.size, rule, [(one, *_chosen(one, rule, of)) for one in peers]) for rule in rules]


def _chosen(one: Peers, rule: str, of: Callable[[Circle], dict[str, Claim]]) -> tuple[Circle, Claim | None]:
    looked_at = [(circle, of(circle).get(rule)) for circle in one.circles]
    return next((found for found in looked_at if found[1] and found[1].few is None), looked_at[-1])


def _together(size: int, rule: str, parts: Sequence[tuple[Peers, Circle, Claim | None]]) -> Claim:
    """One claim over all ads, of which each is looked up among its own peers."""
    likely = np.full(size, np.nan)
    whose, place = np.full(size, -1), np.zeros(size, dtype=np.int64)
    for number, (one, circle, claim) in enumerate(parts):
        if claim is not None:
            within = one.within(circle)
            likely[one.members] = claim.likely[within]
            whose[one.members], place[one.members] = number, np.flatnonzero(within)

    def of(ad: int) -> tuple[Claim | None, int]:
        number = int(whose[ad])
        return parts[number][2] if number >= 0 else None, int(place[ad])

    def shows(ad: int) -> tuple[Evidence, ...]:
        claim, at = of(ad)
        return claim.shows(at) if claim else ()

    def lacks(ad: int) -> Lack | None:
        claim, at = of(ad)
        return claim.lacks(at) if claim else None

    def among(ad: int) -> Among | None:
        claim, at = of(ad)
        return claim.among(at) if claim else None

    return Claim(rule, likely, shows, lacks, among=among)
