"""What a release of the scene says: one table of the catalogue, so that its chart and report can be made."""

import json

from tests.reporting.frozen import stated, table

OF_RELEASE = "categories_by_quarter"
TEXTS = {
    **dict.fromkeys(("json_de", "json_en"), json.dumps(table(OF_RELEASE))),
    **dict.fromkeys(("csv_de", "csv_en"), ""),
}
CONTENT = {
    **dict.fromkeys(("content_de", "content_en"), stated(OF_RELEASE)),
    "sha256": "0" * 64,
}
