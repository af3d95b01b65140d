"""The funding of the programme: contracts with those who work on its positions, and the annual report.

Words: a *cooperation contract* passes positions and funds on to a unit for a year: forwarded, own share,
deficit; the *funding report* has the figures of a year for Sachbericht and Verwendungsnachweis. Money is
whole cents. Nothing here is about a client, and no employee is named. No events.
Tables: `cooperation_contracts`.
"""
