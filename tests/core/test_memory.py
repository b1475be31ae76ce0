"""Memory that is freed goes back to the system."""

import subprocess
import sys
from pathlib import Path

import pytest

# A large block teaches the C library to keep what is large; then come two hundred of a megabyte, and small ones between
# them that live on.
FILL_AND_FREE = """
from pathlib import Path
from brandhound.core.memory import give_back_freed

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 // 2**20

{call}
large = bytearray(30 * 2**20)
del large
before = resident()
blocks, small = [], []
for _ in range(200):
    blocks.append(bytearray(b"x") * 2**20)
    small.append(bytearray(b"x") * 2000)
held = resident()
blocks.clear()
print(held - before, resident() - before)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="SKIPPED: only Linux tells what is resident")
def test_what_a_large_answer_took_is_given_back_though_small_things_live_on() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FILL_AND_FREE.format(call="give_back_freed()")],
        check=True,
        capture_output=True,
        text=True,
    )
    held, kept = map(int, done.stdout.split())
    assert held >= 190
    assert kept <= 20
