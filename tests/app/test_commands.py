"""The command line, as a person at a terminal meets it."""

import json
import re
import socket
import subprocess
import tarfile
import tempfile
from pathlib import Path

import psycopg
import pytest

from brandhound.app.hunting import Hunt, HuntState, in_words
from brandhound.core.postgres import EmbeddedPostgres, find_programs
from brandhound.core.problems import problems
from brandhound.feeds.errors import BadOpml
from tests.commands import brandhound, brandhound_by_itself
from tests.databases import UNSAFE, TestDatabase

ROOT = Path(__file__).parents[2]


def test_a_misspelt_setting_is_an_error_that_names_it() -> None:
    done = brandhound("migrate", BRANDHOUND_PROT="8322")
    assert done.returncode != 0
    assert "BRANDHOUND_PROT is not a setting" in done.stderr


def test_a_setting_that_cannot_be_is_an_error() -> None:
    done = brandhound("migrate", BRANDHOUND_PORT="many")
    assert done.returncode != 0
    assert "BRANDHOUND_PORT" in done.stderr
    assert "many" in done.stderr


@pytest.mark.parametrize(("command", "folder"), [("migrate", "postgres"), ("demo", "demo")])
def test_a_data_folder_that_cannot_be_made_is_named_with_what_to_do(command: str, folder: str, tmp_path: Path) -> None:
    (tmp_path / "taken").touch()

    done = brandhound(command, BRANDHOUND_DATA_DIR=str(tmp_path / "taken"))

    assert done.returncode == 1
    assert f"the folder {tmp_path}/taken/{folder} cannot be made: not a directory" in done.stderr
    assert "choose another BRANDHOUND_DATA_DIR" in done.stderr


def test_the_doctor_examines_a_running_database(database: TestDatabase) -> None:
    done = brandhound("doctor", "--json", DATABASE_URL=database.url, BRANDHOUND_DATA_DIR=str(database.data_dir))
    findings = {finding["check"]: finding for finding in json.loads(done.stdout)}
    assert len(findings) >= 25
    for check in ("database", "tables", "database roles", "walls between organizations"):
        assert findings[check]["verdict"] == "good", findings[check]
    ill = [f for f in findings.values() if f["verdict"] in ("bad", "warning") and not f["what_to_do"]]
    assert ill == []


def test_the_doctor_says_what_to_do_about_a_database_that_is_away(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:9/none?connect_timeout=2"
    done = brandhound("doctor", "--json", DATABASE_URL=url, BRANDHOUND_DATA_DIR=str(tmp_path))
    findings = {finding["check"]: finding for finding in json.loads(done.stdout)}
    assert done.returncode == 1
    assert findings["database"]["verdict"] == "bad"
    assert "DATABASE_URL" in findings["database"]["what_to_do"]


def test_a_backup_brings_everything_back(open_folder: Path) -> None:
    settings = {"BRANDHOUND_DATA_DIR": str(open_folder / "first")}
    assert "up to date" in brandhound_by_itself("migrate", **settings).stdout
    link = brandhound_by_itself("setup-link", **settings).stdout
    assert "/setup?token=" in link
    server = EmbeddedPostgres(open_folder / "first" / "postgres", UNSAFE).start()
    with psycopg.connect(server.url()) as connection:
        connection.execute("insert into organizations (id, name) values (gen_random_uuid(), 'Kept')")
        connection.execute(
            "insert into log_lines (organization_id, at, id, level, text, logger, process, host, pid, boot, seq)"
            " select gen_random_uuid(), now(), gen_random_uuid(), level, 'said', '', 'cli', '', 1, '', 1"
            " from unnest(array[20, 40]) as level"
        )
    server.stop()
    bodies = open_folder / "first" / "files" / "ab" / "cd"
    bodies.mkdir(parents=True)
    (bodies / ("abcd" + "0" * 60)).write_bytes(b"an article")
    # What is there when the folder is read may be gone when its turn comes; what is being written has no name yet.
    (bodies / ("abce" + "0" * 60)).symlink_to(bodies / "gone")
    (open_folder / "first" / "files" / ".unfinished").mkdir()
    (open_folder / "first" / "files" / ".unfinished" / "half").write_bytes(b"an art")

    backup, with_logs = open_folder / "backup.tar", open_folder / "with-logs.tar"
    assert "but log lines" in brandhound_by_itself("backup", str(backup), **settings).stdout
    assert brandhound_by_itself("backup", str(with_logs), "--with-logs", **settings).returncode == 0
    assert (log_lines_in(backup), log_lines_in(with_logs)) == (0, 2)
    again = {"BRANDHOUND_DATA_DIR": str(open_folder / "second")}
    restored = brandhound_by_itself("restore", str(backup), **again)
    assert restored.returncode == 0, restored.stderr
    refused = brandhound_by_itself("restore", str(backup), **again)

    assert "there are tables already" in refused.stderr
    assert (open_folder / "second" / "files" / "ab" / "cd" / ("abcd" + "0" * 60)).read_bytes() == b"an article"
    assert len([path for path in (open_folder / "second" / "files").rglob("*") if path.is_file()]) == 1
    server = EmbeddedPostgres(open_folder / "second" / "postgres", UNSAFE).start()
    with psycopg.connect(server.url()) as connection:
        assert connection.execute("select 1 from organizations where name = 'Kept'").fetchone() == (1,)
    server.stop()
    assert "up to date" in brandhound_by_itself("migrate", **again).stdout


def log_lines_in(backup: Path) -> int:
    """How many rows of log lines the dump in a backup holds."""
    with tarfile.open(backup) as archive, tempfile.NamedTemporaryFile() as dump:
        packed = archive.extractfile("database.dump")
        assert packed is not None
        dump.write(packed.read())
        dump.flush()
        program = find_programs(None).folder / "pg_restore"
        told = subprocess.run(
            [program, "--data-only", "--file=-", dump.name], capture_output=True, text=True, check=True
        )
    copies = re.findall(r"^COPY brandhound_logs\.log_lines\S* .*?\n(.*?)^\\\.$", told.stdout, re.DOTALL | re.MULTILINE)
    return sum(len(rows.splitlines()) for rows in copies)


def test_a_file_that_is_no_backup_is_refused(open_folder: Path) -> None:
    (open_folder / "photo.jpg").write_bytes(b"not a tar file")
    done = brandhound("restore", str(open_folder / "photo.jpg"), BRANDHOUND_DATA_DIR=str(open_folder / "data"))
    assert done.returncode != 0
    assert "is not a backup" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("hunt", "Acme", "--out", "report.doc"), "must end in one of"),
        (("hunt", "Acme", "--opml", "nowhere.opml"), "nowhere.opml is not there"),
        (("hunt", "Acme", "--out", "/no/such/folder/report.pdf"), "is not there"),
        (("hunt", "Acme", "--since", "yesterday"), "yesterday is no day such as 2026-11-01"),
        # Said before anything is fetched, and not when all is done.
        (("hunt", "Acme", "--since", "2999-01-01"), "2999-01-01 has not come yet"),
        (("hunt", "Acme", "--since", "1900-01-01"), "Choose a first day in 1970 or later"),
        (("hunt", "Acme", "--since", "1971-01-01"), "Ask for at most 731 days"),
        (("hunt", "Acme", "--minutes", "-5"), "-5 is no number of minutes such as 30"),
        (("hunt", "Acme", "--out", "{folder}/folder.pdf"), "folder.pdf is a folder"),
        (("backup", "/no/such/folder/backup.tar"), "the folder /no/such/folder is not there"),
    ],
)
def test_a_hunt_or_a_backup_that_cannot_be_says_why(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    (tmp_path / "folder.pdf").mkdir()
    filled = [argument.replace("{folder}", str(tmp_path)) for argument in arguments]
    done = brandhound(*filled, BRANDHOUND_DATA_DIR=str(tmp_path))
    assert done.returncode != 0
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_hunt_says_what_is_wrong_with_its_list_of_feeds() -> None:
    said = in_words(BadOpml("It is empty."))

    assert said.startswith("That file cannot be taken as a list of feeds (OPML). It is empty. Export the subscriptions")


def test_a_hunt_that_is_stopped_says_what_is_kept() -> None:
    hunt = Hunt("Acme", out=Path("acme.pdf"))
    at_once = hunt.stopped()
    hunt.state = HuntState(feeds_waiting=1, articles=24, articles_read=12, working=3, mentions=1)

    assert at_once.endswith("Stopped before anything was read.")
    assert hunt.stopped().endswith(
        "Stopped, and acme.pdf is not written. 12 of 24 articles are read, with 1 mention: all of it is kept, and the same "
        "command goes on from there."
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--folder", "/no/such/folder"), "/no/such/folder is not a folder"),
        (("--port", "99999"), "from 1 to 65535"),
        (("--port", "news"), "from 1 to 65535"),
    ],
)
def test_a_twin_that_cannot_be_says_why(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    done = brandhound("twin", "news", *arguments, BRANDHOUND_DATA_DIR=str(tmp_path))
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["news", "models", "meta"])
def test_a_twin_whose_port_is_taken_says_so_and_nothing_else(name: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        done = brandhound("twin", name, "--port", str(port), BRANDHOUND_DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"brandhound: port {port} is taken")
    assert len(done.stderr.splitlines()) == 1


def test_the_reference_pages_are_up_to_date(tmp_path: Path) -> None:
    """Written by a process of their own, which knows nothing but the product."""
    done = brandhound_by_itself("reference", str(tmp_path))
    assert done.returncode == 0, done.stderr
    pages = sorted(tmp_path.glob("*.md"))
    stale = [page.name for page in pages if page.read_text() != (ROOT / "docs/reference" / page.name).read_text()]
    assert len(pages) == 8
    assert stale == [], "run ./run docs"


def test_every_error_says_what_to_do() -> None:
    silent = [problem.code for problem in problems() if not problem.what_to_do]
    assert silent == []
    codes = [problem.code for problem in problems()]
    assert len(codes) == len(set(codes))


def test_links_in_the_documentation_lead_somewhere() -> None:
    import re

    broken: list[str] = []
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
            if "://" not in target and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert broken == []
