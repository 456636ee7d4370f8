"""The README's picture, and what makes it."""
