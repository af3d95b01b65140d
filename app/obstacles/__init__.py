"""Obstacles: what observations and signals have in common, and what becomes of it.

Words: an *obstacle* is a de-identified bundle that the coordination works on; a *link* ties an observation
or the key of a signal (quarter, barrier type, group of institutions) to it; a *measure* is a step to
resolve it; an *effect check* compares published rates before and after it; a *decision* is the steering
group's, with date and minute; a *step* is one change of status; a *member* is an office in its working or
project group; an *outcome* is what those read who reported.
Nobody here sees a person, a case or a report; whether a signal exists is for the reporting package.
Tables: `obstacles`, `obstacle_links`, `obstacle_measures`, `obstacle_decisions`, `obstacle_steps`,
`obstacle_members`, `obstacle_effect_checks` (made by the reporting package). Events: `ObstacleMoved`,
`ObstacleReopened`. Meetings of the steering group stand in `meetings`.
"""
