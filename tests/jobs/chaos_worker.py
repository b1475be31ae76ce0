"""A worker that knows the pipelines and the sample jobs: `python -m tests.jobs.chaos_worker BEAT DEAD`, both in seconds."""

import sys

from brandhound.app.worker import main
from tests.jobs import chaos_jobs, sample_jobs

if __name__ == "__main__":
    assert chaos_jobs
    assert sample_jobs
    main(beat=float(sys.argv[1]), dead=float(sys.argv[2]))
