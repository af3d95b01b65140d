"""Messages on a referral: what sender and recipient say to each other while both can read its package.

Words: a *message* is a *coded word* that tells of nobody, or a *text*; an *information request* asks for data
categories by name and is answered, declined or withdrawn. An *attachment* is a document of the case that the
sender put to a text. What a sender tells of is named by category and is a disclosure of its own.
Tables: `referral_messages`, `referral_attachments`. Events: `ReferralMessaged`.
"""
