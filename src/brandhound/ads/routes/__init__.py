"""The doors of ad accounts."""

from fastapi import APIRouter

from brandhound.ads.routes import accounts, callbacks, connecting, inviting, letting_in

router = APIRouter()
# Those with a word in the place of an identifier first.
router.include_router(callbacks.router)
router.include_router(inviting.router)
router.include_router(letting_in.router)
router.include_router(connecting.router)
router.include_router(accounts.router)
