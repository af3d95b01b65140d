"""The routers in reading order: the table of contents of the API."""

from fastapi import APIRouter

from app.barriers.router import router as barriers
from app.cases.router import router as cases
from app.catalogues.router import router as catalogues
from app.clients.histories.router import router as client_histories
from app.clients.router import router as clients
from app.consents.router import router as consents
from app.directory.router import router as directory
from app.disclosures.router import router as disclosures
from app.identity.router import router as identity
from app.notifications.router import router as notifications
from app.obstacles.router import router as obstacles
from app.organisations.router import router as organisations
from app.privacy.router import router as privacy
from app.referrals.partner_router import router as partner_referrals
from app.referrals.router import router as referrals
from app.reporting.router import router as reporting

ROUTERS: tuple[APIRouter, ...] = (
    identity,
    catalogues,
    organisations,
    directory,
    clients,
    client_histories,
    consents,
    cases,
    referrals,
    partner_referrals,
    disclosures,
    barriers,
    obstacles,
    reporting,
    notifications,
    privacy,
)
