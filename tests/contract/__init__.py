"""The contract held against real answers: a scene that uses every operation, and what is made of it."""
