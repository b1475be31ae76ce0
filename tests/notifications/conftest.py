from tests.jobs import sample_jobs

# Imported for what it registers.
assert sample_jobs
