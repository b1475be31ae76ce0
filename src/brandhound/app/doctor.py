"""`brandhound doctor`: looks for what is wrong, and says what to do about each."""

import asyncio
import json
from dataclasses import asdict

from pydantic import ValidationError
from rich.console import Console

from brandhound.app.findings import Check, Finding, Verdict
from brandhound.core.settings import UnknownSetting, settings

SIGNS: dict[Verdict, str] = {
    "good": "[green]✓[/]",
    "warning": "[yellow]![/]",
    "bad": "[red]✗[/]",
    "unknown": "[dim]?[/]",
}


def doctor(*, as_json: bool = False) -> int:
    """Run every check and print the findings. Returns 1 if something is bad."""
    findings = examine()
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], indent=1))
    else:
        console = Console(highlight=False)
        for finding in findings:
            console.print(f"{SIGNS[finding.verdict]} [bold]{finding.check}[/]: {finding.found}", soft_wrap=True)
            if finding.what_to_do and finding.verdict != "good":
                console.print(f"    → {finding.what_to_do}", soft_wrap=True)
        bad = sum(finding.verdict == "bad" for finding in findings)
        console.print(f"\n{len(findings)} checks, {bad} bad." if bad else f"\n{len(findings)} checks, nothing bad.")
    return int(any(finding.verdict == "bad" for finding in findings))


def examine() -> list[Finding]:
    """The findings of every check that makes sense here, in order."""
    from brandhound.app.checks import database, machine, mail, meta, operating, passing
    from brandhound.app.database import ensure_database
    from brandhound.core.postgres import CannotStartPostgres

    try:
        settings()
    except (UnknownSetting, ValidationError, ValueError) as error:
        fix = "Correct or remove that variable; every setting is in docs/reference/settings.md."
        return [Finding("settings", "bad", str(error), fix)]
    findings = [Finding("settings", "good", "every variable is known and valid")]
    findings += [run_safely(check) for check in machine.CHECKS]
    try:
        ensure_database()
    except (CannotStartPostgres, OSError) as error:
        findings.append(
            Finding(
                "embedded database",
                "bad",
                str(error).strip(),
                "Look into postgres/server.log in the data directory, or set DATABASE_URL to another server.",
            )
        )
        return findings
    return findings + [
        run_safely(check)
        for check in (*database.CHECKS, *operating.CHECKS, *mail.CHECKS, *meta.CHECKS, *passing.CHECKS)
    ]


async def examine_in_time(seconds: float) -> list[Finding]:
    """The findings for a page: the checks side by side, and those that take longer than that as unknown.

    The database is there, or nobody could have asked.
    """
    from brandhound.app.checks import database, machine, mail, meta, operating, passing

    checks = (*machine.CHECKS, *database.CHECKS, *operating.CHECKS, *mail.CHECKS, *meta.CHECKS, *passing.CHECKS)
    # A few at once, so that the examination does not itself take all connections.
    turns = asyncio.Semaphore(4)
    deadline = asyncio.get_running_loop().time() + seconds

    async def examined(check: Check) -> Finding:
        try:
            async with asyncio.timeout_at(deadline), turns:
                return await asyncio.to_thread(run_safely, check)
        except TimeoutError:
            return Finding(_name(check), "unknown", f"took longer than {seconds:.0f} s")

    return [
        Finding("settings", "good", "every variable is known and valid"),
        *await asyncio.gather(*(examined(check) for check in checks)),
    ]


def run_safely(check: Check) -> Finding:
    """A check that fails itself says so instead of ending the examination."""
    try:
        return check()
    except Exception as error:
        return Finding(_name(check), "unknown", f"the check itself failed: {type(error).__name__}: {error}")


def _name(check: Check) -> str:
    return check.__name__.removeprefix("check_").replace("_", " ")
