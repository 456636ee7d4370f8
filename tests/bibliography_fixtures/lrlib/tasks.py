"""Source: Goh 2017."""
