"""The routers: the table of contents of the API, what is asked for most first.

Each carries its whole prefix, so that its routes stand in one flat list: a router inside a router is matched
once on each level, which cost a tenth of a read.
"""

from app.authority_figures.router import router as authority_figures
from app.barriers.partners.router import router as partner_barriers
from app.barriers.router import router as barriers
from app.calendars.router import router as calendars
from app.cases.router import routers as cases
from app.catalogues.router import router as catalogues
from app.child_protection.router import router as child_protection
from app.clients.disputes.router import router as disputes
from app.clients.guardians.router import router as guardians
from app.clients.histories.router import router as client_histories
from app.clients.merging.router import router as merging
from app.clients.numbers.router import router as official_numbers
from app.clients.restrictions.router import router as restrictions
from app.clients.router import router as clients
from app.conferences.router import own as own_conferences
from app.conferences.router import router as conferences
from app.consents.router import router as consents
from app.consents.signatures.router import router as consent_signatures
from app.consents.withdrawal_router import router as withdrawals
from app.council_questions.router import router as council_questions
from app.directory.hsds.router import router as hsds
from app.directory.offers.router import router as offers
from app.directory.router import router as directory
from app.disclosures.router import router as disclosures
from app.documents.router import router as documents
from app.funding.router import router as funding
from app.identity.invitations.router import router as invitations
from app.identity.partner_systems.oauth import router as oauth
from app.identity.partner_systems.router import router as partner_systems
from app.identity.router import router as identity
from app.imports.router import router as imports
from app.incoming_referrals.router import router as incoming_referrals
from app.inquiries.router import router as inquiries
from app.interpreting.router import router as interpreting
from app.kit.routing import Router
from app.letters.router import router as letters
from app.notifications.router import router as notifications
from app.obstacles.hearings.router import router as hearings
from app.obstacles.meetings.router import router as steering_meetings
from app.obstacles.router import around as around_obstacles
from app.obstacles.router import router as obstacles
from app.organisations.router import router as organisations
from app.pathways.router import router as pathways
from app.population.router import router as population
from app.privacy.router import router as privacy
from app.referrals.duties.router import router as duties
from app.referrals.inbox.router import router as partner_inbox
from app.referrals.messages.router import router as messages
from app.referrals.next_router import router as next_referrals
from app.referrals.partner_router import router as partner_referrals
from app.referrals.recall_router import router as recalls
from app.referrals.router import router as referrals
from app.reporting.effects.router import router as effects
from app.reporting.forms_router import router as release_forms
from app.reporting.gaps.router import router as gaps
from app.reporting.obstacle_paper.router import router as obstacle_paper
from app.reporting.router import router as reporting
from app.reporting.side_by_side.router import router as side_by_side
from app.school_entries.router import router as school_entries
from app.state_exports.partner_router import router as partner_state_exports
from app.state_exports.router import router as state_exports
from app.transfers.router import router as transfers
from app.webhooks.router import router as webhooks
from app.work.live.router import router as live
from app.work.router import router as work
from app.work.sync.router import router as sync

ROUTERS: tuple[Router, ...] = (
    *cases,
    work,
    sync,
    live,
    inquiries,
    clients,
    client_histories,
    official_numbers,
    disputes,
    merging,
    restrictions,
    guardians,
    referrals,
    partner_referrals,
    partner_inbox,
    duties,
    messages,
    child_protection,
    next_referrals,
    recalls,
    incoming_referrals,
    webhooks,
    transfers,
    consents,
    consent_signatures,
    withdrawals,
    documents,
    letters,
    imports,
    notifications,
    barriers,
    partner_barriers,
    obstacles,
    effects,
    around_obstacles,
    steering_meetings,
    hearings,
    obstacle_paper,
    reporting,
    release_forms,
    gaps,
    identity,
    oauth,
    partner_systems,
    invitations,
    catalogues,
    organisations,
    directory,
    offers,
    hsds,
    disclosures,
    privacy,
    calendars,
    interpreting,
    conferences,
    own_conferences,
    pathways,
    school_entries,
    authority_figures,
    population,
    funding,
    council_questions,
    side_by_side,
    state_exports,
    partner_state_exports,
)
