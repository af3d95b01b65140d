"""The directory in the shape of the Human Services Data Specification 3.0 (Open Referral).

For partners and public pages that read the standard: organizations are our active institutions, services
their offers that have not ended, locations their sites, taxonomies our vocabularies. Nothing is null: what is
not known is left out, as the schemas of the standard want it. Ids of what has none of its own here (a
language of a service, a term) are made from what it is, so that they stay the same. Free places follow
the table `service_capacity` of the standard's later versions.
"""
