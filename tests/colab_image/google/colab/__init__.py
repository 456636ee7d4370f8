"""A stand-in for Colab's own package: what lrlib and anywidget ask of it."""
