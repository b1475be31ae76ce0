"""`brandhound doctor`: looks for what is wrong, and says what to do about each."""

import asyncio
import json
from dataclasses import asdict

from pydantic import ValidationError
from rich.console import Console

from brandhound.app.findings import Check, Finding, Verdict
from brandhound.core.addresses import DatabaseNotReady
from brandhound.core.refusals import is_out_of_reach
from brandhound.core.settings import UnknownSetting, faults, settings

SIGNS: dict[Verdict, str] = {
    "good": "[green]✓[/]",
    "warning": "[yellow]![/]",
    "bad": "[red]✗[/]",
    "unknown": "[dim]?[/]",
}
OUT_OF_REACH = "the database is out of reach, see above"


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
    from brandhound.app.database import NoInstallation, ensure_database
    from brandhound.core.postgres import CannotStartPostgres

    try:
        settings()
    except (UnknownSetting, ValidationError, ValueError) as error:
        fix = "Correct or remove that variable; every setting is in docs/reference/settings.md."
        found = faults(error) if isinstance(error, ValidationError) else str(error)
        return [Finding("settings", "bad", found, fix)]
    findings = [Finding("settings", "good", "every variable is known and valid")]
    findings += [run_safely(check) for check in machine.CHECKS]
    try:
        ensure_database()
    except NoInstallation as error:
        fix = "Name that folder, as the service does, or make an installation with `brandhound up`."
        return [*findings, Finding("embedded database", "bad", str(error), fix)]
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
    return findings + _without_echoes(
        [
            run_safely(check)
            for check in (*database.CHECKS, *operating.CHECKS, *mail.CHECKS, *meta.CHECKS, *passing.CHECKS)
        ]
    )


def _without_echoes(findings: list[Finding]) -> list[Finding]:
    """Say once that the database does not answer, and not again for each check that would have asked it."""
    told = [finding for finding in findings if finding.found != OUT_OF_REACH]
    if silent := len(findings) - len(told):
        told.append(Finding("further checks", "unknown", f"{silent} were not made: {OUT_OF_REACH}"))
    return told


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
    except DatabaseNotReady:
        return Finding(_name(check), "unknown", OUT_OF_REACH)
    except Exception as error:
        if is_out_of_reach(error):
            return Finding(_name(check), "unknown", OUT_OF_REACH)
        return Finding(_name(check), "unknown", f"the check itself failed: {type(error).__name__}: {error}")


def _name(check: Check) -> str:
    return check.__name__.removeprefix("check_").replace("_", " ")
