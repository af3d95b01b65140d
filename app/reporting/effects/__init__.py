"""Whether an obstacle became rarer: barrier cases per 100 active clients before and after a change.

Only from figures that releases have published: who reads a check learns nothing that these do not tell. The
rule says which quarters are compared, before a figure is seen.
Table: `obstacle_effect_checks` of `obstacles`.
"""
