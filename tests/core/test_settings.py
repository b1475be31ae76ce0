"""What a process goes by is what was read last, whoever else was reading just then."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread, current_thread
from typing import Any

import pytest

from brandhound.core import settings as module
from brandhound.core.settings import EmptySecret, Settings, reload_settings, settings


def test_an_empty_setting_is_one_that_is_not_set(set_to: Callable[..., None]) -> None:
    set_to(METRICS_TOKEN="", SMTP_URL="", SENTRY_DSN="", SECRET_KEY="", LOG_DAYS_DEBUG="", PORT="")
    now = settings()
    assert [now.metrics_token, now.smtp_url, now.sentry_dsn, now.secret_key, now.log_days_debug] == [None] * 5
    assert now.port == 8321


def test_a_file_for_a_secret_with_nothing_in_it_is_an_error_that_names_it(
    set_to: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "key").write_text("\n")
    with pytest.raises(EmptySecret, match="BRANDHOUND_SECRET_KEY_FILE"):
        set_to(SECRET_KEY_FILE=str(tmp_path / "key"))


def test_who_began_to_read_before_a_change_does_not_undo_it(
    set_to: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    has_read, may_end = Event(), Event()
    found: list[int] = []
    slow = Thread(target=lambda: found.append(settings().port))

    class ReadSlowly(Settings):
        def __init__(self, **values: Any) -> None:
            super().__init__(**values)
            if current_thread() is slow:
                has_read.set()
                assert may_end.wait(30)
            else:
                may_end.set()
                slow.join(30)

    set_to(PORT="8398")
    module._kept.clear()  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(module, "Settings", ReadSlowly)
    slow.start()
    assert has_read.wait(30)
    monkeypatch.setenv("BRANDHOUND_PORT", "8399")
    assert reload_settings().port == 8399
    assert found == [8398]
    assert settings().port == 8399
