"""Addresses of the operator's half."""

from fastapi import APIRouter

from brandhound.admin.routes.alerts import router as alerts
from brandhound.admin.routes.errors import router as errors
from brandhound.admin.routes.looking import router as looking
from brandhound.admin.routes.metrics import router as metrics

router = APIRouter(tags=["admin"])
for part in (looking, errors, metrics, alerts):
    router.include_router(part)
