"""The doors of notices: reading them, choosing, and the ways out of the app."""

from fastapi import APIRouter

from brandhound.notifications.routes import channels, notices, preferences, unsubscriptions

router = APIRouter()
# Those with a word in the place of an identifier first.
router.include_router(preferences.router)
router.include_router(channels.router)
router.include_router(unsubscriptions.router)
router.include_router(notices.router)
