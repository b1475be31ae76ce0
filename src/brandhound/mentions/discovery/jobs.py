"""Looks for brands that nobody watches yet."""

from datetime import timedelta

from brandhound.core import clock
from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import Run, job
from brandhound.mentions.discovery.looking import look


@job("discovery.look", queue="analyse", timeout=timedelta(minutes=30), title="Look for unknown brands")
async def look_for_unknown(run: Run) -> Outcome:
    """Look through the articles of the last 30 days for brands that nobody watches. Safe to repeat: it begins anew."""
    articles, names, proposed = await look(run, clock.now())
    if not articles:
        return Done("There are no articles of the last 30 days yet")
    return Done(f"{proposed:,} of {names:,} names in {articles:,} articles may be brands")
