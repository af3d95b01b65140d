"""The demonstration: data that an expert believes, and processes that end with it."""
