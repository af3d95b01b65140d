"""Disclosures without consent to authorities of residence and naturalisation law: four eyes.

Words: a *duty* is the request to send one draft of a referral on § 87 AufenthG, § 71 (2) SGB X or § 32 StAG;
a *norm* is the exact paragraph, with the day of the law as it was checked; the *questions* are those of
§ 88 AufenthG and § 203 StGB, whose answers decide whether it may go on. A second person approves exactly the
package they were shown, for a short time; the one who prepared it sends it.
Tables: `duties`, `duty_packages`. No events: the database tells (`migrations/sql/duties.sql`).
"""
