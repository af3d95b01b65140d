"""Who is in the journey: the people of the office, those of the institutions, and Oksana Kovalenko."""

STAFF = {
    "Anja Berger": ("case_manager", "KI"),
    "Murat Aydin": ("case_manager", "KI"),
    "Heike Brandt": ("coordinator", "KI"),
    "Ralf Dickmann": ("coordinator", "KI"),
    "Ute Kleinert": ("steering_member", "KI"),
    "Petra Niehaus": ("privacy_officer", "KI"),
}
PARTNERS = {
    "Jobcenter": ("partner_user", "jobcenter"),
    "Schule": ("partner_user", "schule"),
    "Wohnungsamt": ("partner_user", "wohnungsamt"),
    "Ausländerbehörde": ("authority_officer", "auslaenderbehoerde"),
}
OKSANA = {
    "given_name": "Oksana",
    "family_name": "Kovalenko",
    "birth_date": "1989-04-12",
    "sex": "w",
    "nationalities": ["166"],
    "phone": "+49 151 2345678",
    "needs_interpreter": True,
    "languages": [
        {"language": "ukr", "is_native": True, "valid_from": "1989-04-12"},
        {"language": "deu", "overall": "A2", "evidence": "certificate", "valid_from": "2025-09-01"},
    ],
    "household_members": [{"name": "Daryna Kovalenko", "birth_year": 2015, "relation": "child"}],
    "residence_documents": [
        {
            "residence_status": "AE-24",
            "valid_from": "2022-05-01",
            "printed_end": "2025-03-04",
            "continued_effect": "ordinance",
            "continued_until": "2027-03-04",
        }
    ],
    "legal_domains": [
        {"strand": "livelihood", "legal_domain": "ASYLBLG", "valid_from": "2022-05-01",
         "valid_until": "2022-05-31"},
        {"strand": "livelihood", "legal_domain": "SGB_II", "valid_from": "2022-06-01"},
    ],
}  # fmt: skip


def mail(name: str) -> str:
    """Return the address of somebody."""
    return f"{name.rsplit(maxsplit=1)[-1].lower().encode('ascii', 'ignore').decode()}@kim-journey.example"
