"""What a process goes by is what was read last, whoever else was reading just then."""

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread, current_thread
from typing import Any

import pytest

from brandhound.core import settings as module
from brandhound.core.settings import EmptySecret, Settings, reload_settings, settings
from tests.commands import brandhound


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


@pytest.mark.parametrize("name", ["PUBLIC_URL", "HEARTBEAT_URL", "OTLP_ENDPOINT"])
def test_an_address_that_nobody_can_open_is_refused(name: str) -> None:
    for address in ("hound.example", "//hound.example", "ftp://hound.example", "https:///hound", "localhost:8321"):
        done = brandhound("migrate", **{f"BRANDHOUND_{name}": address})
        assert done.returncode == 1
        assert f"BRANDHOUND_{name}: is no address such as https://brand.example.com" in done.stderr
        # The heartbeat's is a secret.
        assert (address in done.stderr) == (name != "HEARTBEAT_URL")


def test_a_data_folder_in_a_file_of_settings_is_found_from_home_and_from_where_one_stands(
    set_to: Callable[..., None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    set_to(DATA_DIR="~/hound")
    assert settings().data_dir == tmp_path / "hound"
    set_to(DATA_DIR="here")
    assert settings().data_dir == tmp_path / "here"
