"""The routers: the table of contents of the API, what is asked for most first.

Each carries its whole prefix, so that its routes stand in one flat list: a router inside a router is matched
once on each level, which cost a tenth of a read.
"""

from fastapi import APIRouter

from app.barriers.router import router as barriers
from app.calendars.router import router as calendars
from app.cases.router import routers as cases
from app.catalogues.router import router as catalogues
from app.clients.disputes.router import router as disputes
from app.clients.histories.router import router as client_histories
from app.clients.numbers.router import router as official_numbers
from app.clients.router import router as clients
from app.consents.router import router as consents
from app.directory.router import router as directory
from app.disclosures.router import router as disclosures
from app.identity.router import router as identity
from app.inquiries.router import router as inquiries
from app.interpreting.router import router as interpreting
from app.notifications.router import router as notifications
from app.obstacles.router import router as obstacles
from app.organisations.router import router as organisations
from app.privacy.router import router as privacy
from app.referrals.partner_router import router as partner_referrals
from app.referrals.router import router as referrals
from app.reporting.router import router as reporting
from app.work.live.router import router as live
from app.work.router import router as work
from app.work.sync.router import router as sync

ROUTERS: tuple[APIRouter, ...] = (
    *cases,
    work,
    sync,
    live,
    inquiries,
    clients,
    client_histories,
    official_numbers,
    disputes,
    referrals,
    partner_referrals,
    consents,
    notifications,
    barriers,
    obstacles,
    reporting,
    identity,
    catalogues,
    organisations,
    directory,
    disclosures,
    privacy,
    calendars,
    interpreting,
)
