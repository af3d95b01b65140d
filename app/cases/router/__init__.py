"""Cases over HTTP, in the order in which a case is worked on."""

from app.cases.domain_changes.router import router as domain_changes
from app.cases.noting.router import drafts, templates
from app.cases.router.cases import router as cases
from app.cases.router.entries import router as entries
from app.cases.router.plan import router as plan
from app.cases.router.team import router as team
from app.cases.router.team import vacancies
from app.cases.tasks.router import own as own_tasks
from app.cases.tasks.router import router as tasks

routers = (cases, plan, entries, drafts, templates, tasks, own_tasks, domain_changes, team, vacancies)
