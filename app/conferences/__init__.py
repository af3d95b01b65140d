"""Case conferences (Fallkonferenz): who sits together about a case, on which basis, what was agreed.

Words: a *conference* is one sitting about a named person; an *anonymised discussion* is one in which nobody
outside the team learns who it is about. A *participant* is a colleague or somebody of an institution; the
latter rests on a basis, as a rule a consent that names the institution, and is *removed* with it. The
*record* (Protokoll) is the team's; it is *handed out* to a participant on a basis that holds then. What is
agreed becomes a measure of the plan or a task, an *agreement*.
Tables: `conferences`, `conference_participants`, `conference_agreements`.
Events: `ColleagueInvited`, `ColleagueUninvited`, `ConferenceMoved`, `ConferenceCancelled`;
hears `ConsentWithdrawn` and `CaseClosed` within.
"""
