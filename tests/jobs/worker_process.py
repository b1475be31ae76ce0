"""A worker that also knows the sample jobs: `python -m tests.jobs.worker_process`."""

from brandhound.app.worker import main
from tests.jobs import sample_jobs

if __name__ == "__main__":
    assert sample_jobs
    main()
