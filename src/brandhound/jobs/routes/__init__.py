"""Addresses of jobs, runs and schedules."""

from fastapi import APIRouter

from brandhound.jobs.routes import cleaning, many, runs, schedules, streaming

router = APIRouter()
for part in (many, runs, schedules, cleaning, streaming):
    router.include_router(part.router)
