"""The packages that the processes are built from: their doors, in one list. Importing it registers every job."""

from types import ModuleType

from fastapi import APIRouter

from brandhound.jobs import jobs as jobs_jobs
from brandhound.jobs.routes import router as jobs
from brandhound.notifications import jobs as notifications_jobs
from brandhound.notifications.routes import router as notifications
from brandhound.tenancy.routes import router as tenancy

ROUTERS: list[APIRouter] = [tenancy, jobs, notifications]

JOB_MODULES: tuple[ModuleType, ...] = (jobs_jobs, notifications_jobs)
