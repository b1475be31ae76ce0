"""What does not fit a model, in words that name the fields and hold nothing of what stood in them."""

from collections.abc import Sequence

from pydantic import ValidationError

from brandhound.jobs.redacting import redact


def problems_of(error: ValidationError) -> list[str]:
    """One sentence for each field that is wrong."""
    return [f"{'.'.join(map(str, one['loc'])) or 'the whole'}: {one['msg']}" for one in error.errors()]


def misfit(what: str, problems: Sequence[str]) -> str:
    """The sentence for people."""
    return redact(f"{what} does not fit: {'; '.join(problems)}")[:2000]
