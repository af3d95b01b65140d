"""The problems as a page of the running application and as docs/problems.md."""

import html

from app.documentation.problem_codes import MEANINGS

_HEAD = """# Problems

Generated from `app/documentation/problem_codes.py` and compared in CI. Every refused request is answered with
problem details (RFC 9457): `code` is stable and for programs, `detail` is a sentence for people, `type` leads
to the entry below. Where single places of a request are refused, `errors` has one entry for each: `place`,
such as `body.name`, `kind` (stable) and `message` (what is expected). Nothing that was sent is repeated.

| code | status | what happened | what to do |
| --- | --- | --- | --- |
"""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>KIM: problems</title></head>
<body><h1>Problems</h1><p>The <code>type</code> of a problem leads to its row.</p>
<table><tr><th>status</th><th>code</th><th>what happened</th><th>what to do</th></tr>{rows}</table>
</body></html>
"""
_ROW = '<tr id="{}"><td>{}</td><td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n'


def problems_markdown() -> str:
    """Return docs/problems.md."""
    rows = (
        f'| <a id="{one.code}"></a>`{one.code}` | {one.status} | {one.means} | {one.do} |'
        for one in MEANINGS.values()
    )
    return _HEAD + "\n".join(rows) + "\n"


def problems_page() -> str:
    """Return the page that the running application serves."""
    rows = "".join(
        _ROW.format(one.code, one.status, one.code, html.escape(one.means), html.escape(one.do))
        for one in MEANINGS.values()
    )
    return _PAGE.format(rows=rows)
