"""Addresses of jobs, runs and schedules."""

from fastapi import APIRouter

from brandhound.jobs.routes import cleaning, many, runs, schedules

router = APIRouter()
for part in (many, runs, schedules, cleaning):
    router.include_router(part.router)
