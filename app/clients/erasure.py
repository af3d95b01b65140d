"""Deleting a person for good, by the worker, after every higher package has deleted its part."""

from uuid import UUID

from app.kit.database import Db

_ERASE = "DELETE FROM clients WHERE id = $1 OR merged_into = $1"


async def erase(db: Db, client_id: UUID) -> bool:
    """Delete a person with histories, household entries and assignments; False when there is none.

    Raises 422 (foreign key) while a case still refers to the person.
    """
    driver = await db.driver()
    return str(await driver.execute(_ERASE, client_id)) != "DELETE 0"
