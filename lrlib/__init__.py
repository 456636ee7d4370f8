"""Learning rates you can compute with.

``import lrlib`` loads nothing heavy: each module imports what it needs.
"""

from importlib.metadata import version

__version__ = version("lrlib")
