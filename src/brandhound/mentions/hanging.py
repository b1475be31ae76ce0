"""What hangs on a mention: whoever moves mentions, or deletes them and may bring them back, has to think of each of these."""

from collections.abc import Mapping

_MENTION = "exists (select from mentions m where m.id = t.mention_id)"

HANGING: Mapping[str, str] = {
    "judgements": _MENTION,
    "tone_judgements": _MENTION,
    "mention_opinions": _MENTION,
    "lesson_effects": f"{_MENTION} and exists (select from lessons l where l.id = t.lesson_id)",
    "audit_items": f"{_MENTION} and exists (select from audits a where a.id = t.audit_id)",
    "topic_findings": f"{_MENTION} and exists (select from topics o where o.id = t.topic_id)",
}
"""Each table, and when a kept row `t` of it can be put back: whatever it stands on is still there."""

OF_A_BRAND = ("judgements", "tone_judgements", "mention_opinions")
"""Those that name the mention's brand as well."""
