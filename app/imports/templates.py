"""Empty sheets with the headings that need no mapping, and a row that shows how cells are written."""

import csv
import io

from starlette.responses import Response

from app.imports.fields import FIELDS

TEMPLATE_TYPE = "text/csv"


def template(kind: str) -> Response:
    """Return the template of a kind, to be saved; the mark in front tells a spreadsheet that it is UTF-8."""
    out = io.StringIO(newline="")
    rows = ([each.heading for each in FIELDS[kind]], [each.example for each in FIELDS[kind]])
    csv.writer(out, delimiter=";").writerows(rows)
    headers = {"Content-Disposition": f'attachment; filename="{kind}.csv"'}
    return Response(out.getvalue().encode("utf-8-sig"), media_type=TEMPLATE_TYPE, headers=headers)
