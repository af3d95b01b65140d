"""What is due in a case: tasks and appointments, once or again and again, for somebody of its team.

Words: a *task* has a day or a moment; an *appointment* a moment, a place, participants of the team. Who is
given one by another is *offered* it, accepts or declines; a declined one goes back to who gave it, so that
none is ever nobody's. A *series* holds a rule; each *occurrence* of it is a real task, made when the one
before is done or dropped, or its day has passed. A *step* is one line of a task's history.
Tables: `tasks`, `task_series`, `task_steps`.
"""
