"""Builds the course's website: ``python -m publish``, then ``python -m publish.serve``."""
