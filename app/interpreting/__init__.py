"""Interpreting (Sprach- und Kulturmittlung) for a case: what is needed, who is asked, what came of it.

Words: an *interpreting* is one appointment with an interpreter, from the need to what came of it; a
*provider* is an institution of the directory, or a colleague. A provider is told a *request*: language, time,
place and whom to call, and no word about the client. No events.
Tables: `interpretings`, `interpreting_steps`.
"""
