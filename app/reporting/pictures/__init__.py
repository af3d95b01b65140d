"""Pictures and workbooks of frozen tables: made from what a table says as JSON, and from nothing else.

Whatever is shown here stands in the table already; a picture can tell no more than it.
"""
