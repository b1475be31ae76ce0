"""A worker that also knows the sample jobs: `python -m tests.jobs.worker_process`."""

from brandhound.app.worker import main
from tests.jobs import sample_jobs

if __name__ == "__main__":
    assert sample_jobs
    # A worker that is really dead is found sooner than in the product.
    main(beat=1.0, dead=8.0)
