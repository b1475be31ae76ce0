"""The report as one page of HTML that needs nothing else: to look at, to print, to send."""

from collections.abc import Iterable
from html import escape

from brandhound.reports.document import ReportDocument
from brandhound.reports.html_tables import (
    comparison_table,
    foot_of_looks,
    logo_of,
    shares_table,
    styled,
    summary_of,
    topics_table,
    words_of,
)
from brandhound.reports.laying_out import Layout, lay_out
from brandhound.reports.pieces import Card, Chart, Line, Mention, Outlet, Story
from brandhound.reports.sections import Section

_STYLE = """
:root{color-scheme:light;--ink:#0f172a;--mute:#64748b;--faint:#e2e8f0;--accent:#2563eb}
*{box-sizing:border-box}
body{margin:0;background:#fff;color:var(--ink);font:14px/1.5 Inter,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header{background:#eff4ff;padding:40px 0 28px}
header>div,main,footer{max-width:968px;margin:0 auto}
header>div{padding:0 24px}
main{padding:20px 24px}
footer{padding:8px 24px 40px;color:var(--mute);font-size:12px;overflow-wrap:anywhere}
.kind{color:#1d4ed8;font-weight:600;font-size:12px;letter-spacing:.04em;text-transform:uppercase}
h1{font-size:32px;line-height:1.15;margin:8px 0;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{font-size:20px;margin:32px 0 12px}
h3{font-size:14px;margin:0 0 8px}
.period{color:#475569}
.brands{margin-top:14px;display:flex;flex-wrap:wrap;gap:8px}
.brands span{background:#fff;border-radius:20px;padding:4px 12px;font-weight:600;font-size:13px}
.brands i{display:inline-block;width:9px;height:9px;border-radius:50%;margin-right:6px}
.brands small,.note{color:var(--mute);font-weight:400;font-size:12px}
.row{display:grid;gap:12px;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));margin-bottom:12px}
.two{grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr))}
.card{border:1px solid var(--faint);border-radius:9px;padding:16px;break-inside:avoid;min-width:0}
.card+.card{margin-top:12px}.row .card+.card{margin-top:0}
.card svg{width:100%;height:auto;display:block;overflow:visible}
figure.wide{overflow-x:auto}figure.wide svg{min-width:460px}
.value{font-size:26px;font-weight:700;line-height:1.3}
.small.value{font-size:18px;line-height:1.9}
.change{font-weight:600;font-size:12px}
.care{background:#fffbeb;border-color:#fde68a;margin-top:12px}
.counted{background:#f8fafc;font-size:12.5px;margin-top:32px}
ul{margin:0;padding-left:18px}li{margin:4px 0}li::marker{color:var(--accent)}
.story{display:flex;gap:16px;justify-content:space-between}
.story>div:last-child{text-align:right;white-space:nowrap}
.story h3{font-size:16px;margin:0 0 2px}
a{color:inherit;text-decoration-color:#94a3b8;text-underline-offset:2px}
blockquote{margin:8px 0 0;padding-left:10px;border-left:3px solid}
.pill{border-radius:20px;padding:2px 9px;font-size:12px;font-weight:600}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:13px}
thead{display:table-header-group}
th{background:#f1f5f9;color:#475569;text-align:left;font-size:12px;white-space:nowrap}
th,td{padding:7px 9px;vertical-align:top}
td{border-bottom:1px solid var(--faint)}
tr{break-inside:avoid}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.day{white-space:nowrap}
@page{size:A4;margin:14mm 14mm 16mm}
@media print{figure.wide svg{min-width:0}header{margin:-14mm -14mm 0;padding:16mm 14mm 8mm;
print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{font-size:9.5pt}header>div,main,footer{padding-left:0;padding-right:0}main{padding-top:12px}
h2{break-after:avoid}.card{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""


def render_html(document: ReportDocument, *, indexed: bool = True) -> str:
    """A whole page with embedded styles and charts. It loads nothing, runs nothing, and every text in it is only text.

    `indexed=False` asks search engines to pass it over.
    """
    page = lay_out(document)
    style = _STYLE if document.presentation is None and document.comparison is None else styled(_STYLE, page.looks)
    pictures = "; img-src data:" if page.looks and page.looks.logo else ""
    robots = "" if indexed else '<meta name="robots" content="noindex,nofollow">'
    return (
        "<!doctype html>"
        f'<html lang="{escape(page.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        f"content=\"default-src 'none'; style-src 'unsafe-inline'{pictures}\">"
        f'<meta name="referrer" content="no-referrer">{robots}'
        f"<title>{escape(page.title)}</title><style>{style}</style></head><body>"
        f"{_header(page)}<main>{''.join(map(_row, page.rows))}{_counted(page)}</main>"
        f"<footer>{foot_of_looks(page.looks)}"
        f"{escape(page.organization)} · counted {escape(page.generated)} · document SHA-256 {page.sha256}</footer>"
        "</body></html>"
    )


def _header(page: Layout) -> str:
    brands = "".join(
        f'<span><i style="background:{color}"></i>{escape(name)} <small>{escape(kind)}</small></span>'
        for name, color, kind in page.brands
    )
    return (
        f'<header><div>{logo_of(page.looks)}<div class="kind">{escape(page.kind)}</div><h1 dir="auto">{escape(page.title)}</h1>'
        f'<div class="period">{escape(page.period)}</div><div class="brands">{brands}</div></div></header>'
    )


def _cards(cards: Iterable[Card]) -> str:
    return f'<section class="row" aria-label="Headline figures">{"".join(map(_card, cards))}</section>'


def _card(card: Card) -> str:
    size = "small value" if len(card.value) > 9 else "value"
    return (
        f'<div class="card"><div class="note">{escape(card.label)}</div><div class="{size}">{escape(card.value)}</div>'
        f'<div class="note"><span class="change" style="color:{card.change_color}">{escape(card.change)}</span> '
        f'{escape(card.against)}</div><div class="note">{escape(card.note)}</div></div>'
    )


def _row(row: tuple[Section, ...]) -> str:
    """One section, or two that are half as wide."""
    if len(row) == 1:
        return _section(row[0])
    return f'<section class="row two" style="margin-top:12px">{"".join(map(_section, row))}</section>'


def _section(section: Section) -> str:
    """Each sort of block has its own markup; what one does not need is empty."""
    match section.kind:
        case "figures":
            return _cards(section.cards)
        case "chart" if section.chart is not None:
            return _chart(section.chart)
        case "findings":
            findings = "".join(
                f'<li>{escape(f.text)} <span class="note">— {escape(f.source)}</span></li>' for f in section.lines
            )
            return f'<div class="card"><h3>{escape(section.heading)}</h3><ul>{findings}</ul></div>'
        case "care":
            return (
                f'<section class="card care"><h3>{escape(section.heading)}</h3>'
                f"<ul>{_lines(section.lines)}</ul></section>"
            )
        case "stories":
            return f"<section><h2>{escape(section.heading)}</h2>{''.join(map(_story, section.stories))}</section>"
        case "outlets":
            return f"<section><h2>{escape(section.heading)}</h2>{_outlets(section.outlets)}</section>"
        case "mentions":
            return (
                f'<section><h2>{escape(section.heading)}</h2><p class="note">{escape(section.note)}</p>'
                f"{_mentions(section)}</section>"
            )
        case "nothing":
            return _empty(section)
        case "text":
            return words_of(section)
        case "comparison":
            return comparison_table(section)
        case "share_of_voice":
            return shares_table(section)
        case "topics":
            return topics_table(section)
        case "summary":
            return summary_of(section)
        case _:
            return '<div class="break"></div>'


def _empty(section: Section) -> str:
    return (
        '<section class="card counted"><h2 style="margin-top:0">Nothing was heard in these days</h2>'
        "<p>A quiet report is an answer too, if the right places were listened to. To hear more:</p>"
        f"<ul>{_lines(section.lines)}"
        "<li>Check the names of the brand: a short name or a product may be missing.</li>"
        "<li>Set a lower confidence for this report, and judge the doubtful mentions first.</li></ul></section>"
    )


def _chart(chart: Chart) -> str:
    note = f'<p class="note" style="margin:-6px 0 8px">{escape(chart.note)}</p>' if chart.note else ""
    wide = "wide" if chart.name in ("volume", "tone") else ""
    return (
        f'<figure class="card {wide}" style="margin:0" aria-label="{escape(chart.described)}">'
        f"<h3>{escape(chart.title)}</h3>{note}{chart.svg}</figure>"
    )


def _lines(lines: Iterable[Line]) -> str:
    return "".join(f'<li>{escape(line.text)} <span class="note">→ {escape(line.source)}</span></li>' for line in lines)


def _story(story: Story) -> str:
    quote = (
        f'<blockquote style="border-color:{story.tone_color}"><span dir="auto">{escape(story.quote)}</span>'
        f'<div class="note">— {escape(story.quoted)}</div></blockquote>'
        if story.quote
        else ""
    )
    return (
        f'<article class="card story"><div><h3 dir="auto" lang="{story.language}">{_linked(story.url, story.title)}</h3>'
        f'<div class="note">{escape(story.meta)}</div>{quote}</div>'
        f'<div><span class="pill" style="background:{story.tone_color};color:{story.tone_ink}">{escape(story.tone)}</span>'
        f'<div class="note">confidence {story.confidence}</div></div></article>'
    )


def _outlets(outlets: Iterable[Outlet]) -> str:
    rows = "".join(
        f'<tr><td>{escape(row.outlet)} <span class="note">{escape(row.site)}</span></td>'
        f'<td class="number">{row.mentions}</td><td class="number">{row.stories}</td>'
        f'<td class="number">{escape(row.balance)}</td><td class="number note">{escape(row.interval)}</td></tr>'
        for row in outlets
    )
    return (
        '<div class="scroll"><table><thead><tr><th>Outlet</th><th class="number">Mentions</th>'
        '<th class="number">Stories</th><th class="number">Tone balance</th><th class="number">90 % interval</th></tr>'
        f"</thead><tbody>{rows}</tbody></table></div>"
    )


def _mentions(section: Section) -> str:
    rows = "".join(_mention(row, section.several) for row in section.mentions)
    return (
        '<div class="scroll"><table><thead><tr><th>Date</th><th>Headline and sentence</th><th>Outlet</th><th>Tone</th>'
        f'<th class="number">Confidence</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _mention(row: Mention, with_brand: bool) -> str:
    marks = " · ".join(filter(None, (row.brand if with_brand else "", row.flags)))
    return (
        f'<tr><td class="day">{escape(row.when)}</td><td><b dir="auto" lang="{row.language}">{_linked(row.url, row.title)}</b>'
        f'<div class="note" dir="auto">{escape(row.sentence)}</div><div class="note">{escape(marks)}</div></td>'
        f'<td>{escape(row.outlet)}</td><td style="color:{row.tone_color};font-weight:600">{escape(row.tone)}</td>'
        f'<td class="number">{row.confidence}</td></tr>'
    )


def _counted(page: Layout) -> str:
    rules = "".join(f"<li>{escape(rule)}</li>" for rule in page.method)
    return f'<section class="card counted"><h3>How this was counted</h3><ul>{rules}</ul></section>'


def _linked(url: str, text: str) -> str:
    return f'<a href="{escape(url)}" rel="noopener noreferrer">{escape(text)}</a>' if url else escape(text)
