"""Papers and workbooks of texts and tables, in German: what else is printed from figures beside the report.

A paper is data: `{title, area, facts, sections}`; a section has paragraphs and tables, a table a head and
rows of texts, numbers, amounts (`{"cents": 123}`) and empty cells. Nothing of it is read as markup.
"""
