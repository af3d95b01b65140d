"""Cases over HTTP: one router, in the order in which a case is worked on."""

from fastapi import APIRouter

from app.cases.router.cases import router as cases
from app.cases.router.entries import router as entries
from app.cases.router.plan import router as plan
from app.cases.router.team import router as team

router = APIRouter(tags=["cases"])
for part in (cases, plan, entries, team):
    router.include_router(part, prefix="/v1/cases")
