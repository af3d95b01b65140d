"""The verbs: file, correct and resolve a report, answer a proposal, write an observation."""
