"""Persons, their households and their histories of dated periods.

Words: a *client* is a person whom the programme accompanies; a *registrar* created them and sees them; a
*restricted* client (threatened, sheltered) is invisible outside the assigned team; a *household member* is
another client or somebody who is none; a *period* is a dated row of a history (`histories`); a *duplicate
check* looks for a person in the whole area and tells the searcher of none they do not see; a *candidate* is
somebody whose names are compared (`matching`, `finding`).

For other packages: `package.collect` (data for a referral), `known.known_facts` (what an observation must
not carry), `attributes.attributes_at` (groups for statistics), `elsewhere.found_elsewhere` (for the worker),
`erasure.erase`.

Tables: `clients`, `client_nationalities`, `household_members`, `duplicate_checks`, those of `histories`.
Events: `PossibleDuplicate`, `LegalDomainChanged`.
"""
