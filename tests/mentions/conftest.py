from collections.abc import Generator
from pathlib import Path
from uuid import UUID

import pytest

from brandhound.core.settings import reload_settings, settings
from brandhound.mentions import jobs
from brandhound.mentions.deeds import jobs as deeds_jobs
from brandhound.mentions.merging import jobs as merging_jobs
from brandhound.mentions.opinions import jobs as opinions_jobs
from brandhound.mentions.topics import jobs as topics_jobs
from brandhound.providers.minilm import model_folder, prepared_model
from tests.databases import TestDatabase
from tests.mentions.newsroom import Newsroom

# Imported for what it registers.
assert jobs
assert deeds_jobs
assert merging_jobs
assert opinions_jobs
assert topics_jobs


@pytest.fixture
def newsroom(organization_id: UUID) -> Newsroom:
    """Articles for the organization of `client`."""
    return Newsroom(organization_id)


@pytest.fixture
def sentences_are_read(connected: TestDatabase, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """The sentence model at hand, as in life; the suite does without."""
    if model_folder() is None:
        pytest.skip("the sentence model is not installed")
    made = prepared_model(Path(__file__).parents[2] / ".cache/models")
    assert made is not None
    folder = settings().data_dir / "models"
    if not folder.exists():
        folder.symlink_to(made.parent)
    monkeypatch.setenv("BRANDHOUND_TONE_ENGINE", "model")
    reload_settings()
    yield
    monkeypatch.undo()
    reload_settings()
