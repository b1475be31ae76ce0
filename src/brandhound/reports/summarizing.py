"""The summary of a report: sentences that each cite mentions of it.

Without a model it is extractive: headlines as they were printed. What a model drafted is held against the articles it
cites, and what they do not bear out is dropped and counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from brandhound.core.wording import count_of
from brandhound.reports.claims import why_not
from brandhound.reports.document import Citation, Claim, Summary
from brandhound.reports.figures import mention_key
from brandhound.reports.wording import printable, set_apart, shortened

_LONGEST_HEADLINE = 200


@dataclass(frozen=True)
class Source:
    """A mention that may be cited, with the words that count as its own."""

    mention_id: UUID
    title: str
    url: str
    outlet: str
    published_at: datetime
    sentence: str | None
    brand: str

    @property
    def words(self) -> str:
        return f"{self.title}\n{self.sentence or ''}\n{self.outlet}"


@dataclass(frozen=True)
class ToldStory:
    """A story that a summary may tell, by the mentions that speak for it; the first of them is the earliest."""

    sources: tuple[Source, ...]
    articles: int
    outlets: int


class DraftClaim(BaseModel):
    """A sentence of a model, and the mentions it cites."""

    text: str
    mention_ids: list[UUID]


class Draft(BaseModel):
    """What a model wrote, before it is held against the articles; or why none did."""

    model: str = ""
    prompt_version: str = ""
    claims: list[DraftClaim] = []
    instead_because: str = ""


def summary_of(stories: Sequence[ToldStory], draft: Draft | None, most: int) -> Summary | None:
    """The model's sentences as far as they are borne out, else headlines; None where there is nothing to sum up.

    A draft may cite the mentions of these stories.
    """
    cited = {source.mention_id: source for story in stories for source in story.sources}
    if draft is not None and draft.claims:
        kept = [claim for claim in draft.claims if _is_borne_out(claim, cited)]
        dropped = len(draft.claims) - len(kept)
        if kept:
            claims = [(printable(claim.text).strip(), claim.mention_ids) for claim in kept[:most]]
            return _numbered(claims, cited, written_by="model", draft=draft, dropped=dropped)
        note = f"A model wrote {count_of(dropped, 'sentence')}; none was borne out by what it cites."
    elif draft is not None and draft.model:
        note = "A model was asked and wrote no sentence."
    else:
        note = draft.instead_because if draft else ""
    told = [story for story in stories if story.sources][:most]
    if not told:
        return None
    claims = [(headline_sentence(story), [source.mention_id for source in story.sources]) for story in told]
    summary = _numbered(claims, cited, written_by="embedded", draft=None, dropped=0)
    return summary.model_copy(update={"note": note})


def headline_sentence(story: ToldStory) -> str:
    """A story by its first headline, as it was printed, and how far it went."""
    first = story.sources[0]
    if story.outlets > 1:
        # Who told it first is another question than which of the mentions that count is the earliest.
        went = (
            f"{count_of(story.articles, 'article')} in {count_of(story.outlets, 'outlet')}, {first.outlet} among them"
        )
    else:
        went = first.outlet if story.articles == 1 else f"{count_of(story.articles, 'article')} in {first.outlet}"
    title = shortened(printable(first.title), _LONGEST_HEADLINE)
    return f"“{set_apart(title)}”: {went}."


def _is_borne_out(claim: DraftClaim, cited: Mapping[UUID, Source]) -> bool:
    """Every mention that it cites is one of the report's, and together they bear it out."""
    if not claim.mention_ids or any(id_ not in cited for id_ in claim.mention_ids):
        return False
    sources = [cited[id_] for id_ in claim.mention_ids]
    return why_not(claim.text, [source.words for source in sources], [source.brand for source in sources]) is None


def _numbered(
    claims: Sequence[tuple[str, Sequence[UUID]]],
    sources: Mapping[UUID, Source],
    *,
    written_by: str,
    draft: Draft | None,
    dropped: int,
) -> Summary:
    numbers: dict[UUID, int] = {}
    sentences: list[Claim] = []
    for text, ids in claims:
        for id_ in ids:
            numbers.setdefault(id_, len(numbers) + 1)
        sentences.append(Claim(text=text, citations=tuple(sorted({numbers[id_] for id_ in ids}))))
    return Summary.model_validate(
        {
            "written_by": written_by,
            "model": draft.model if draft else None,
            "prompt_version": draft.prompt_version if draft else None,
            "sentences": sentences,
            "citations": [_citation(number, sources[id_]) for id_, number in numbers.items()],
            "dropped": dropped,
        }
    )


def _citation(number: int, source: Source) -> Citation:
    return Citation(
        number=number,
        mention_id=source.mention_id,
        title=source.title,
        url=source.url,
        outlet=source.outlet,
        published_at=source.published_at,
        sentence=source.sentence,
        evidence=mention_key(source.mention_id),
    )
