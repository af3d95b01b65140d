"""What is due for a case manager, over all cases that they lead, share or deputise, and for a team lead."""
