"""Stories that many outlets carry are found by the words of each of them."""

from alembic import op

revision = "0053_story_words"
down_revision = "0052_page_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Gather the words of those stories anew whose words were cut off."""
    op.execute(
        """
        update stories s set search_text = words.all_of_them
        from (
          select told.story_id, left(string_agg(distinct word, ' '), 20000) as all_of_them
          from (select distinct m.story_id, m.search_text from mentions m join stories t on t.id = m.story_id
                where length(t.search_text) >= 4000) as told
          cross join unnest(string_to_array(told.search_text, ' ')) as word
          where word <> '|' group by told.story_id) as words
        where s.id = words.story_id
        """
    )


def downgrade() -> None:
    """What was gathered serves the release before as well."""
