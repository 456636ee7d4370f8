"""Interactive figures and questions that live without a server.

Python computes every position beforehand; the browser only draws. The same ES module,
``explorer.mjs``, serves the website and every notebook front end.
"""

from lrlib.explorer.choice import Choice, Option
from lrlib.explorer.figure import Control, Explorer
from lrlib.explorer.panels import Bars, Lines, Plane, Reference, Table, Zone
from lrlib.explorer.reports import Reports

__all__ = [
    "Bars",
    "Choice",
    "Control",
    "Explorer",
    "Lines",
    "Option",
    "Plane",
    "Reference",
    "Reports",
    "Table",
    "Zone",
]
