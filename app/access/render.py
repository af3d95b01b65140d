"""The rights matrix in words, for docs/permissions.md."""

from app.access.permissions import Permission
from app.access.policy import POLICY, RELATION_WORDS, Rule
from app.access.roles import AT_AN_INSTITUTION, CASEWORK, DESCRIPTIONS, NEVER_WITH_CASEWORK, Role

_HEAD = """# Who may do what

Generated from the policy table (`app/access/policy.py`) and compared in CI. A role opens the door to a
verb; the words behind it say what the person must be to the one record. Row-level security holds the
same line a second time.
"""


def render_permissions() -> str:
    """Return the document."""
    parts = [
        _HEAD,
        "## Roles\n",
        *_roles(),
        "\n## By role\n",
        *_by_role(),
        "\n## The whole table\n",
        *_table(),
    ]
    return "\n".join(parts) + "\n"


def _roles() -> list[str]:
    lines = [f"- **{role}**: {DESCRIPTIONS[role]}." for role in Role]
    apart = ", ".join(sorted(NEVER_WITH_CASEWORK))
    casework = ", ".join(sorted(CASEWORK))
    there = ", ".join(sorted(AT_AN_INSTITUTION))
    return [
        *lines,
        "",
        f"Never held together by one person in one area: any of {apart} with any of {casework}.",
        f"Nor any of {there} with any other role: these are held at an institution, the others at a unit.",
    ]


def _by_role() -> list[str]:
    lines: list[str] = []
    for role in Role:
        lines.append(f"### {role}\n")
        lines += [
            f"- `{permission}` {_words(POLICY[permission], role)}"
            for permission in Permission
            if role in POLICY[permission].grants
        ]
        lines.append("")
    return lines


def _words(rule: Rule, role: Role) -> str:
    return " or ".join(RELATION_WORDS[relation] for relation in sorted(rule.grants[role]))


def _table() -> list[str]:
    head = "| permission | " + " | ".join(Role) + " |"
    rule = "|---" * (len(Role) + 1) + "|"
    rows = [
        f"| {permission} | "
        + " | ".join("x" if role in POLICY[permission].grants else "" for role in Role)
        + " |"
        for permission in Permission
    ]
    return [head, rule, *rows]
