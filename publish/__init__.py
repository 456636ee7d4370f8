"""Builds the website: ``python -m publish``, then ``python -m publish.serve``."""
