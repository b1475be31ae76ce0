"""The packages that the processes are built from: their doors, in one list."""

from fastapi import APIRouter

from brandhound.tenancy.routes import router as tenancy

ROUTERS: list[APIRouter] = [tenancy]
