"""A demonstration on one machine: embedded database, realistic data, API and worker in one command.

Not for production. Nothing here is imported by the API or the worker.
"""
