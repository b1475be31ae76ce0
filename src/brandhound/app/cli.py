"""The command line: `brandhound COMMAND`."""

import argparse
import errno
import gc
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path

from brandhound import __version__

# Each command lives in a module of its own that is imported when it is called: `brandhound inspect` needs no web framework.
PASSED_ON = {
    "hunt": (
        "brandhound.app.hunting",
        "hunt_main",
        "do the whole job for one brand: feeds, articles, mentions, a report",
    ),
    "runs": ("brandhound.app.running", "runs_main", "see runs; pause, resume, cancel and replay them"),
    "providers": (
        "brandhound.app.providing",
        "providers_main",
        "see outside services, why one is left alone, and have it tried now",
    ),
    "inspect": ("brandhound.app.inspecting", "inspect_main", "show what the parser, the extractor or the matcher sees"),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit with its code."""
    # What a command loads stays: to look for cycles among it every 700 objects took a sixth of the time until it began.
    gc.set_threshold(100_000, 10, 10)
    _open_what_is_closed()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        sys.exit(_run(words))
    except KeyboardInterrupt:
        print("brandhound: stopped", file=sys.stderr)
        sys.exit(130)
    except (ValueError, RuntimeError, OSError) as error:
        # Told to the person at the terminal; the traceback would only hide it.
        sys.exit(f"brandhound: {_bad_setting(error) or error}")
    except Exception as error:
        if told := _out_of_reach(error):
            sys.exit(f"brandhound: {told}")
        raise


def _open_what_is_closed() -> None:
    """Standard streams that whoever starts us has closed (`<&-`, `>&-`): empty, and into nothing.

    Else the next file that is opened has their number.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: PTH123, SIM115


def _bad_setting(error: Exception) -> str | None:
    """What to say of settings that are not valid; None for anything else.

    What tells them is loaded when it is needed: Ctrl-C while this module was loading showed where it had come to.
    """
    if "pydantic" not in sys.modules:
        return None
    from pydantic import ValidationError

    from brandhound.core.settings import Settings, faults

    if not isinstance(error, ValidationError) or error.title != Settings.__name__:
        return None
    return f"a setting is not valid: {faults(error)}"


def _out_of_reach(error: Exception) -> str | None:
    """What to say of a database that does not answer; None for anything else, which is our fault and keeps its traceback."""
    if "psycopg" not in sys.modules:
        return None
    from psycopg import OperationalError

    from brandhound.core.refusals import is_out_of_reach, remedy

    cause = getattr(error, "orig", error)
    if not isinstance(cause, OperationalError) or not is_out_of_reach(cause):
        return None
    return f"the database does not answer: {str(cause).strip()}\n{remedy(cause)}"


def _run(words: list[str]) -> int:
    if words and words[0] in PASSED_ON:
        module, function, _ = PASSED_ON[words[0]]
        command: Callable[[list[str]], int] = getattr(import_module(module), function)
        return command(words[1:])
    options = _parser().parse_args(words)
    return options.run(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="brandhound", description="Hears what is said about your brands, shows why, and helps you act on it."
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    up = commands.add_parser("up", help="everything: database, web server and one worker, until Ctrl-C")
    up.add_argument("--reload", action="store_true", help="start anew when the code changes")
    up.set_defaults(run=_up)

    web = commands.add_parser("web", help="the web server alone")
    web.add_argument("--supervised", type=int, default=0, help=argparse.SUPPRESS)
    web.add_argument("--reload", action="store_true", help="start anew when the code changes")
    web.set_defaults(run=_web)

    worker = commands.add_parser("worker", help="a worker alone; start as many as you like, on any machine")
    worker.add_argument("--supervised", type=int, default=0, help=argparse.SUPPRESS)
    worker.set_defaults(run=_worker)

    commands.add_parser("migrate", help="bring the database up to date").set_defaults(run=_migrate)
    demo = commands.add_parser("demo", help="serve a workspace with made-up stories")
    demo.set_defaults(run=_demo)
    commands.add_parser("setup-link", help="a fresh link that makes the administrator").set_defaults(run=_setup_link)
    reset = commands.add_parser("reset-password", help="a one-time link by which somebody chooses a new password")
    reset.add_argument("email", metavar="EMAIL", help="the address that they sign in with")
    reset.set_defaults(run=_reset_password)

    doctor = commands.add_parser("doctor", help="look for what is wrong, and say what to do about it")
    doctor.add_argument("--json", action="store_true", help="for programs")
    doctor.set_defaults(run=_doctor)

    bundle = commands.add_parser(
        "support-bundle", help="write what a helper needs to know into a file, without secrets"
    )
    bundle.add_argument("file", type=Path)
    bundle.set_defaults(run=_support_bundle)

    backup = commands.add_parser("backup", help="write everything into one file")
    backup.add_argument("file", type=Path)
    backup.add_argument("--with-logs", action="store_true", help="also the log lines, which are left out otherwise")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="bring a backup back into an empty installation")
    restore.add_argument("file", type=Path)
    restore.set_defaults(run=_restore)

    twin = commands.add_parser("twin", help="a simulator of the outside world, for trying things out")
    twin.add_argument("name", choices=["news", "models", "meta"])
    twin.add_argument("--folder", type=Path, help="news: pages and feeds to serve; the demo's own by default")
    twin.add_argument("--persona", default="reader", help="models: who answers (reader, obedient, garbage, refuser)")
    twin.add_argument("--seed", type=int, default=7, help="meta: which made-up world")
    twin.add_argument("--first", type=date.fromisoformat, help="meta: the day around which its stories are told; today")
    twin.add_argument("--large", action="store_true", help="meta: also the account with sixty thousand ads")
    twin.add_argument("--port", type=_port, help="8400; 8404 for meta")
    twin.set_defaults(run=_twin)

    openapi = commands.add_parser("openapi", help="print the API's description")
    openapi.set_defaults(run=_openapi)
    reference = commands.add_parser("reference", help="write the generated reference pages")
    reference.add_argument("folder", type=Path)
    reference.set_defaults(run=_reference)

    for name, (_, _, about) in PASSED_ON.items():
        commands.add_parser(name, help=about, add_help=False)
    return parser


def _port(value: str) -> int:
    if not value.isdecimal() or not 0 < int(value) < 65_536:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(value)


def _up(options: argparse.Namespace) -> int:
    from brandhound.app.supervising import up

    return up(reload=options.reload)


def _web(options: argparse.Namespace) -> int:
    from brandhound.app.serving import serve

    serve(supervisor=options.supervised, reload=options.reload)
    return 0


def _worker(options: argparse.Namespace) -> int:
    from brandhound.app.database import ensure_database
    from brandhound.app.supervising import end_with
    from brandhound.app.worker import main as work

    end_with(options.supervised)
    ensure_database()
    work()
    return 0


def _migrate(_: argparse.Namespace) -> int:
    from brandhound.app.database import ensure_database
    from brandhound.app.preparing import prepare_database

    ensure_database(may_make=True)
    prepare_database()
    print("The database is up to date.")
    return 0


def _demo(_: argparse.Namespace) -> int:
    from brandhound.app.demo import demo

    return demo()


def _setup_link(_: argparse.Namespace) -> int:
    from brandhound.app.database import ensure_database
    from brandhound.app.preparing import prepare_database
    from brandhound.app.supervising import setup_link

    ensure_database(may_make=True)
    prepare_database()
    link = setup_link()
    print(link or "There is an administrator already: sign in. Forgotten? brandhound reset-password EMAIL")
    return 0 if link else 1


def _reset_password(options: argparse.Namespace) -> int:
    from brandhound.app.resetting import reset_password

    return reset_password(options.email)


def _doctor(options: argparse.Namespace) -> int:
    from brandhound.app.doctor import doctor

    return doctor(as_json=options.json)


def _support_bundle(options: argparse.Namespace) -> int:
    from brandhound.app.bundling import write_bundle

    return write_bundle(options.file)


def _backup(options: argparse.Namespace) -> int:
    from brandhound.app.backing_up import backup

    return backup(options.file, with_logs=options.with_logs)


def _restore(options: argparse.Namespace) -> int:
    from brandhound.app.backing_up import restore

    return restore(options.file)


def _twin(options: argparse.Namespace) -> int:
    from brandhound.app.demo import serve_model_twin, serve_twin
    from brandhound.app.demo_ads import serve_meta_twin
    from brandhound.app.demo_ports import DemoPorts

    port = options.port or (DemoPorts().meta if options.name == "meta" else DemoPorts().publishers)
    try:
        if options.name == "meta":
            return serve_meta_twin(port, options.seed, options.first, large=options.large)
        if options.name == "models":
            return serve_model_twin(options.persona, port)
        return serve_twin(options.folder, port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise OSError(f"port {port} is taken: is a twin or a demo running already? --port names another") from error


def _openapi(_: argparse.Namespace) -> int:
    import json

    from brandhound.app.web import create_app

    print(json.dumps(create_app().openapi(), indent=1))
    return 0


def _reference(options: argparse.Namespace) -> int:
    from brandhound.app.reference import write_reference

    for path in write_reference(options.folder):
        print(path)
    return 0


if __name__ == "__main__":
    main()
