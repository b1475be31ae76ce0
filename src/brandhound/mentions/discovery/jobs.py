"""Looks for brands that nobody watches yet."""

from datetime import timedelta

from brandhound.core import clock
from brandhound.core.wording import count_of
from brandhound.jobs.outcomes import Done, Outcome
from brandhound.jobs.registry import Run, job
from brandhound.mentions.discovery.looking import look


@job("discovery.look", queue="analyse", timeout=timedelta(minutes=30), title="Look for unknown brands")
async def look_for_unknown(run: Run) -> Outcome:
    """Look through the articles of the last 30 days for brands that nobody watches. Safe to repeat: it begins anew."""
    found = await look(run, clock.now())
    if not found.articles:
        return Done("There are no articles of the last 30 days yet")
    said = (
        f"{found.proposed:,} of {count_of(found.names, 'name')} in {count_of(found.articles, 'article')} may be brands"
    )
    if found.read:
        said += f"; {found.model} read {found.read:,} of them"
    if found.instead_because:
        said += f"; {'not all' if found.read else 'none'} could be read by a model: {found.instead_because}"
    return Done(said)
