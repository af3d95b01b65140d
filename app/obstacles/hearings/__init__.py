"""Hearings: institutions see the protected figures about their group before others do, and comment.

Words: a *hearing* is what one institution is shown of an obstacle and a release, frozen, and what it says to
it until a day; its comment is part of the obstacle's paper and of the report.
Table: `obstacle_hearings`. Events: `HearingOpened`, `HearingCommented`.
"""
