"""The team inbox of an institution: who takes charge of a referral, and who stands in for whom.

Words: one person of the addressed institution is *in charge* of a referral, takes it over, hands it on or
gives it back; answering stays open to everybody who sees it. A *deputyship* names a colleague who stands in
from a first to a last day: what is told to the absent one, and their list, are the deputy's too. The sender
sees nothing of it, and machines neither. At which *site* somebody works narrows what they see
(`membership_sites`). Tables: `referral_charges`, `partner_deputyships`. Event: `ReferralHandedOn`.
"""
