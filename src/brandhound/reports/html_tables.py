"""What a report's page holds beyond the standard one: words, comparisons, shares, summaries, and an organization's looks."""

from html import escape

from brandhound.reports.branding import Looks
from brandhound.reports.sections import Section

_MORE = """
main>figure.card,main>.card{margin:0 0 12px!important}
.words p{margin:0 0 10px;overflow-wrap:anywhere;max-width:70ch}
.summary p{margin:0 0 8px;max-width:75ch}
.summary sup a{text-decoration:none;color:var(--accent);font-weight:600}
.summary ol{list-style:none;margin:10px 0 0;padding:0;font-size:12.5px}
.summary ol li{margin:6px 0;overflow-wrap:anywhere}
.dot{display:inline-block;width:9px;height:9px;border-radius:50%;margin-right:6px}
.logo{display:block;max-height:44px;max-width:220px;width:auto;height:auto;margin:0 0 18px}
.own{margin:0 0 4px;color:var(--ink)}
@media print{.break{break-after:page}}
"""


def styled(style: str, looks: Looks | None) -> str:
    """The style of a page with what templates need, in the organization's colour if it has one."""
    if looks is None:
        return style + _MORE
    own = style.replace("--accent:#2563eb", f"--accent:{looks.color}").replace("#eff4ff", looks.tint)
    return own.replace(".kind{color:#1d4ed8", f".kind{{color:{looks.color}") + _MORE


def logo_of(looks: Looks | None) -> str:
    if looks is None or not looks.logo:
        return ""
    return (
        f'<img class="logo" alt="{escape(looks.organization)}" src="data:{looks.logo_type};base64,{looks.logo_base64}">'
    )


def foot_of_looks(looks: Looks | None) -> str:
    return f'<p class="own" dir="auto">{escape(looks.footer)}</p>' if looks and looks.footer else ""


def words_of(section: Section) -> str:
    heading = f'<h2 dir="auto">{escape(section.heading)}</h2>' if section.heading else ""
    paragraphs = "".join(f'<p dir="auto">{escape(paragraph)}</p>' for paragraph in section.paragraphs)
    return f'<section class="words">{heading}{paragraphs}</section>'


def comparison_table(section: Section) -> str:
    rows = "".join(
        f'<tr><td>{escape(row.label)}</td><td class="number">{escape(row.value)}</td>'
        f'<td class="number">{escape(row.before)}</td><td class="number"><b>{escape(row.difference)}</b></td>'
        f'<td class="number note">{escape(row.interval)}</td>'
        f'<td style="color:{row.color};font-weight:600">{escape(row.verdict)}</td></tr>'
        for row in section.compared
    )
    return _table(
        section,
        '<th>Figure</th><th class="number">Now</th><th class="number">Before</th><th class="number">Difference</th>'
        '<th class="number">90 % interval</th><th>Verdict</th>',
        rows,
    )


def shares_table(section: Section) -> str:
    rows = "".join(
        f'<tr><td><i class="dot" style="background:{row.color}"></i>{escape(row.name)}</td>'
        f'<td class="number">{row.stories}</td><td class="number"><b>{escape(row.share)}</b></td>'
        f'<td class="number note">{escape(row.interval)}</td><td class="number">{escape(row.change)}</td></tr>'
        for row in section.shares
    )
    return _table(
        section,
        '<th>Brand</th><th class="number">Stories</th><th class="number">Share</th>'
        '<th class="number">90 % interval</th><th class="number">Change</th>',
        rows,
    )


def topics_table(section: Section) -> str:
    rows = "".join(
        f'<tr><td dir="auto">{escape(row.title)}</td><td class="note">{row.sort}</td>'
        f'<td class="number">{escape(row.mentions)}{_maybe(row.maybe)}</td>'
        f'<td class="number"><b>{escape(row.share)}</b></td>'
        f'<td class="number note">{escape(row.interval)}</td><td class="number">{row.positive}</td>'
        f'<td class="number">{row.negative}</td></tr>'
        for row in section.topics
    )
    return _table(
        section,
        '<th>About</th><th>What it is</th><th class="number">Texts</th><th class="number">Share</th>'
        '<th class="number">90 % interval</th><th class="number">Positive</th><th class="number">Negative</th>',
        rows,
    )


def _maybe(words: str) -> str:
    return f'<br><span class="note">{escape(words)}</span>' if words else ""


def summary_of(section: Section) -> str:
    sentences = "".join(
        f"<p>{escape(sentence.text)} <sup>"
        + " ".join(
            f'<a href="#source-{number}" aria-label="Source {number}">[{number}]</a>' for number in sentence.numbers
        )
        + "</sup></p>"
        for sentence in section.sentences
    )
    sources = "".join(
        f'<li id="source-{source.number}">[{source.number}] '
        + (
            f'<a href="{escape(source.url)}" rel="noopener noreferrer" dir="auto">{escape(source.title)}</a>'
            if source.url
            else f'<span dir="auto">{escape(source.title)}</span>'
        )
        + f' <span class="note">{escape(source.meta)}</span>'
        + (f'<div class="note" dir="auto">{escape(source.sentence)}</div>' if source.sentence else "")
        + "</li>"
        for source in section.sources
    )
    return (
        f'<section class="summary"><h2>{escape(section.heading)}</h2>{sentences}'
        f'<p class="note">{escape(section.note)}</p><ol>{sources}</ol></section>'
    )


def _table(section: Section, head: str, rows: str) -> str:
    # Without rows the note says why.
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
    return (
        f'<section><h2>{escape(section.heading)}</h2><p class="note">{escape(section.note)}</p>'
        f'{table and f"""<div class="scroll">{table}</div>"""}</section>'
    )
