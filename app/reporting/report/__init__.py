"""The report for the steering group: a release in sentences, charts and tables, beside obstacles.

Figures come from the frozen tables alone; of obstacles it has what the steering group reads anyway.
"""
