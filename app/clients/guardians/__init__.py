"""Who may decide for a person: parents, guardians, a youth welfare office, a legal adviser of an adult.

Words: a *guardian* is a member of the household, an institution (the office as Vormund) or somebody by name;
its *scope* says for what; *joint* guardians decide together. What is for minors ends by itself when the
person comes of age, also for an unaccompanied minor. A guardian who must not learn anything is named so that
nobody asks them.

Table: `guardians`.
"""
