"""What every process that works is built from: the jobs of all packages, and what connects them."""

from brandhound.admin import jobs as admin_jobs
from brandhound.admin.logs import jobs as logs_jobs
from brandhound.app import waking
from brandhound.feeds import jobs as feeds_jobs
from brandhound.jobs import jobs as jobs_jobs
from brandhound.mentions import jobs as mentions_jobs
from brandhound.mentions.learning import jobs as learning_jobs
from brandhound.mentions.learning.routes import router as learning
from brandhound.mentions.routes import router as mentions
from brandhound.notifications import jobs as notifications_jobs
from brandhound.reports import jobs as reports_jobs
from brandhound.reports.routes import router as reports
from brandhound.tenancy.routes import router as tenancy

ROUTERS: list[APIRouter] = [
    tenancy,
    logs,
    providers,
    jobs,
    notifications,
    brands,
    feeds,
    mentions,
    learning,
    reports,
    admin,
    operating,
]

# Importing a module of jobs registers them.
JOB_MODULES = (
    jobs_jobs,
    logs_jobs,
    notifications_jobs,
    feeds_jobs,
    mentions_jobs,
    learning_jobs,
    reports_jobs,
    admin_jobs,
)

# Importing it connects what happens to outside services with the work that waits for them.
WIRES = (waking,)
