"""Reading cases, by what is read; every read of content writes its journal entry in the same statement."""
