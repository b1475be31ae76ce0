"""Prints a report: offline, without a browser, with the fonts of this package. The same document is the same bytes."""

import json
import subprocess
import sys
from threading import BoundedSemaphore

from brandhound.reports import press
from brandhound.reports.document import ReportDocument
from brandhound.reports.laying_out import lay_out

_LONGEST = 120.0  # Seconds. A print of 200 mentions takes one.
_presses = BoundedSemaphore(2)


def render_pdf(document: ReportDocument) -> bytes:
    """The report on A4: tagged, with bookmarks, live links and embedded fonts.

    Waits for a process; from asynchronous code call it in a thread. At most two print at once.
    """
    data = json.dumps(lay_out(document).plain(), ensure_ascii=False).encode()
    # -I: neither the environment nor the current folder has a say in what is imported.
    command = [sys.executable, "-I", press.__file__]
    with _presses:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_LONGEST, check=False)
    if done.returncode:
        raise RuntimeError(f"the press failed: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout
