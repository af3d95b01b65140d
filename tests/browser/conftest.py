"""The browser's tests run where KIM_BROWSER names a Chromium; CI installs one and always names it."""

import os

collect_ignore = [] if os.environ.get("KIM_BROWSER") else ["test_documentation.py"]
