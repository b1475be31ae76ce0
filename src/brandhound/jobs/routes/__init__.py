"""Addresses of jobs, runs and schedules."""

from fastapi import APIRouter

from brandhound.jobs.routes import runs, schedules

router = APIRouter()
for part in (runs, schedules):
    router.include_router(part.router)
