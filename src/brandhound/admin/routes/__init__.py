"""Addresses of the operator's half."""

from fastapi import APIRouter

from brandhound.admin.routes.alerts import router as alerts
from brandhound.admin.routes.errors import router as errors
from brandhound.admin.routes.looking import router as looking
from brandhound.admin.routes.metrics import router as metrics
from brandhound.admin.routes.organizations import router as organizations
from brandhound.admin.routes.quality import router as quality
from brandhound.admin.routes.slow import router as slow

router = APIRouter(tags=["admin"])
for part in (looking, errors, metrics, alerts, organizations, slow, quality):
    router.include_router(part)
