"""The story of a case: what happened, in one order, page by page in both directions."""
