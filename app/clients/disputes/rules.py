"""What can be disputed, and which outcomes end a mark."""

from collections.abc import Mapping

CLIENT, HOUSEHOLD = "client", "household"
UNDECIDABLE = "undecidable"
OUTCOMES = ("corrected", "confirmed", "retracted", UNDECIDABLE)
"""What cannot be shown to be right or wrong stays marked; the other outcomes end the mark."""

DISPUTED_BY = ("client", "guardian", "representative")

CLIENT_FIELDS = frozenset(
    {
        "given_name", "family_name", "former_names", "other_names", "birth_date", "sex", "marital_status",
        "literacy", "needs_interpreter", "phone", "email", "nationalities", "household_type",
    }
)  # fmt: skip
MEMBER_FIELDS = frozenset({"name", "birth_year", "relation"})

PACKAGE_FIELDS: Mapping[str, tuple[str, str]] = {
    "given_name": ("master_data", "name"),
    "family_name": ("master_data", "name"),
    **{
        name: ("master_data", name)
        for name in ("former_names", "other_names", "birth_date", "sex", "marital_status", "nationalities")
    },
    **{name: ("contact", name) for name in ("phone", "email", "needs_interpreter")},
    "literacy": ("education_language", "literacy"),
    "household_type": ("household", "household_type"),
}
"""Where a disputed field of the person stands in a package: category and name."""
