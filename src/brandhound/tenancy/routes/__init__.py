"""The doors of identity and tenancy."""

from fastapi import APIRouter

from brandhound.tenancy.routes import organization, passwords, session

router = APIRouter()
router.include_router(session.router)
router.include_router(passwords.router)
router.include_router(organization.router)
