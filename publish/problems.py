"""What can go wrong with a site, in words for the person who builds it."""


class PublishError(Exception):
    """The site can't be published; the message says why and where."""
