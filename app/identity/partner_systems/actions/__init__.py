"""What is done with machines: kept by an administrator, given credentials, given tokens."""
