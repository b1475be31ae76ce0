"""What a report is made of: blocks in reading order, as a template lists them and a document keeps them.

A document that was made by the standard template names no blocks: it reads as `STANDARD` says, and as it always did.
"""

from collections.abc import Sequence
from typing import Annotated, Literal, TypeVar

from pydantic import Field, StringConstraints

from brandhound.reports.parts import Part, Tone

ChartName = Literal["volume", "share", "tone", "outlets"]
FigureName = Literal["mentions", "stories", "outlets", "share", "tone"]
Whose = Literal["subject", "competitors", "all"]
FIGURES: tuple[FigureName, ...] = ("mentions", "stories", "outlets", "share", "tone")

MOST_BLOCKS = 60
MOST_STORIES = 30
MOST_MENTIONS = 500
MOST_ROWS = 1000
"""Of all lists of a template together: printing has its time."""
MOST_CHARTS = 20
MOST_SENTENCES = 8
LONGEST_HEADING = 200
LONGEST_TEXT = 5000

Heading = Annotated[str, StringConstraints(max_length=LONGEST_HEADING)]
Words = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]


class TitleBlock(Part):
    """The head of the report: its title, its days, its brands. It stands first, and once."""

    kind: Literal["title"] = "title"
    text: Heading = Field(default="", description="May hold variables; empty: a title that says the news.")


class TextBlock(Part):
    """Words of one's own, in paragraphs."""

    kind: Literal["text"] = "text"
    heading: Heading = Field(default="", description="May hold variables.")
    text: Words = Field(default="", description="May hold variables; an empty line begins a paragraph.")


class FiguresBlock(Part):
    """Headline figures in a row."""

    kind: Literal["figures"] = "figures"
    which: tuple[FigureName, ...] = Field(default=FIGURES, min_length=1, max_length=5)


class ComparisonBlock(Part):
    """Each figure beside what it was, with the difference and its interval."""

    kind: Literal["comparison"] = "comparison"


class ChartBlock(Part):
    """One chart."""

    kind: Literal["chart"] = "chart"
    chart: ChartName = "volume"
    half: bool = Field(default=False, description="Half as wide: two of such stand side by side.")


class FindingsBlock(Part):
    """What stands out, in sentences made from the figures."""

    kind: Literal["findings"] = "findings"
    half: bool = False


class ShareOfVoiceBlock(Part):
    """Share of voice as a table, with intervals and changes."""

    kind: Literal["share_of_voice"] = "share_of_voice"


class SummaryBlock(Part):
    """Sentences that each cite the mentions they rest on."""

    kind: Literal["summary"] = "summary"
    most: int = Field(default=5, ge=1, le=MOST_SENTENCES, description="Sentences at most.")


class CareBlock(Part):
    """What a reader must know before trusting the figures. Where a template leaves it out, it stands at the end."""

    kind: Literal["care"] = "care"


class StoryListBlock(Part):
    """The stories that most outlets told."""

    kind: Literal["story_list"] = "story_list"
    heading: Heading = Field(default="Top stories", description="May hold variables.")
    most: int = Field(default=10, ge=1, le=MOST_STORIES)
    tones: tuple[Tone, ...] = Field(default=(), max_length=5, description="Only stories with these tones; empty: all.")
    quotes: bool = Field(default=True, description="Whether to quote the words that show the tone.")


class OutletsBlock(Part):
    """The outlets with most mentions, as a table."""

    kind: Literal["outlets"] = "outlets"
    most: int = Field(default=15, ge=1, le=15)


class TopicsBlock(Part):
    """What the mentions are about: topics and key messages with how much of them each takes."""

    kind: Literal["topics"] = "topics"
    heading: Heading = Field(default="What it was about", description="May hold variables.")
    most: int = Field(default=10, ge=1, le=30)
    which: Literal["all", "topic", "message"] = Field(default="all", description="Topics, key messages, or both.")


class MentionListBlock(Part):
    """Mentions one by one, newest first."""

    kind: Literal["mention_list"] = "mention_list"
    heading: Heading = Field(default="Mentions", description="May hold variables.")
    most: int = Field(default=100, ge=1, le=MOST_MENTIONS)
    whose: Whose = Field(default="subject", description="Of which brands of the report.")
    tones: tuple[Tone, ...] = Field(default=(), max_length=5, description="Only mentions with these tones; empty: all.")
    copies: bool = Field(default=True, description="Whether copies of an earlier text are listed too.")

    def lets_through(self, *, is_subject: bool, tone: str, is_copy: bool) -> bool:
        """Whether the list shows such a mention, if there is room."""
        if self.whose != "all" and is_subject != (self.whose == "subject"):
            return False
        return (not self.tones or tone in self.tones) and (self.copies or not is_copy)

    @property
    def is_plain(self) -> bool:
        """Whether it shows every mention of the subject."""
        return self.whose == "subject" and not self.tones and self.copies


class PageBreakBlock(Part):
    """What follows begins on a new page."""

    kind: Literal["page_break"] = "page_break"


Block = Annotated[
    TitleBlock
    | TextBlock
    | FiguresBlock
    | ComparisonBlock
    | ChartBlock
    | FindingsBlock
    | ShareOfVoiceBlock
    | SummaryBlock
    | CareBlock
    | StoryListBlock
    | OutletsBlock
    | TopicsBlock
    | MentionListBlock
    | PageBreakBlock,
    Field(discriminator="kind"),
]
Blocks = tuple[Block, ...]

STANDARD: Blocks = (
    TitleBlock(),
    FiguresBlock(),
    ChartBlock(chart="volume"),
    ChartBlock(chart="share", half=True),
    FindingsBlock(half=True),
    ChartBlock(chart="tone"),
    CareBlock(),
    StoryListBlock(),
    OutletsBlock(),
    MentionListBlock(most=MOST_MENTIONS),
)


class Branding(Part):
    """How an organization's reports look: its colour, its logo, its words at the foot."""

    color: str = Field(description="#rrggbb: dark enough to be read on white.")
    logo_sha256: str | None = Field(default=None, description="The picture, by the SHA-256 of its bytes.")
    logo_type: Literal["image/png", "image/jpeg"] | None = None
    logo_width: int | None = None
    logo_height: int | None = None
    footer: str = ""


class Presentation(Part):
    """How a document is to be told, frozen with it: later changes of a template change no report."""

    template: str | None = Field(description="Name of the template; null: the standard one.")
    version: int | None = Field(description="Its version.")
    blocks: Blocks
    branding: Branding | None = None


B = TypeVar("B", bound=Part)


def blocks_of(blocks: Sequence[Part], kind: type[B]) -> list[B]:
    """The blocks of one kind, in order."""
    return [block for block in blocks if isinstance(block, kind)]
