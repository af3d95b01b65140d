"""How institutions join, work as teams with sites and deputies, and leave."""
