"""Who is asking: accounts, users, memberships, sessions, sign-in and its secrets.

Words: an *account* is a person's sign-in, the same in every area; a *user* is that person in one municipal
area; a *session* is one sign-in of an account in one area; a *token* is the signed proof of a session, at
most ten minutes; a *refresh token* is good once for the next pair; a *key ring* holds the keys that sign;
a *source* is where sign-ins come from. Tables: `accounts`, `users`, `sessions`, `refresh_tokens`,
`login_throttles`; the secrets in them belong to the definer functions of `migrations/sql/identity.sql` and
`migrations/sql/accounts.sql`. No events.
"""
