"""Addresses of reports, of what leaves by itself, and of what is shown to whoever has a link."""

from fastapi import APIRouter

from brandhound.reports.routes import deeds, digests, files, outside, reports, schedules, sharing, templates, voices

router = APIRouter()
# What has a name of its own stands before `/api/reports/{report_id}`, which would take the name for an identifier.
for part in (schedules, digests, templates, deeds, outside, reports, files, sharing, voices):
    router.include_router(part.router)
