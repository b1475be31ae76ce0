"""Codes that runs end with, in words, wherever a notice of it is written."""

import json
import subprocess
import sys

_WORKER = """
import json
import brandhound.app.worker
from brandhound.core.problems import problem_named
codes = ["ads/meta-revoked", "ads/meta-again", "ads/meta-permission", "ads/meta-stopped"]
named = {code: problem_named(code) for code in codes}
print(json.dumps({code: kind.title() if kind else None for code, kind in named.items()}))
"""


def test_a_worker_says_in_words_why_meta_did_not_let_an_account_be_read() -> None:
    told = subprocess.run([sys.executable, "-c", _WORKER], capture_output=True, text=True, check=True)
    words = json.loads(told.stdout.splitlines()[-1])
    assert words["ads/meta-revoked"] == "The application was removed at Meta while the account was being read."
    assert all(words.values())
