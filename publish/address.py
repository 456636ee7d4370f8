"""Where the course is published, from what the environment says; nothing is guessed.

One setting is enough, ``GITHUB_REPOSITORY=owner/name``, which GitHub sets by itself in
its workflows. ``SITE_URL`` is for a site that lies elsewhere than on GitHub Pages.
"""

import os
import re

from publish.problems import PublishError

COLAB = "https://colab.research.google.com/github"
#: The branch of the published notebooks: Colab opens notebooks by branch and path.
BRANCH = "colab"


def repository() -> str:
    """``owner/name`` of the repository on GitHub; empty when not known.

    Raises:
        PublishError: GITHUB_REPOSITORY is something else.
    """
    name = os.getenv("GITHUB_REPOSITORY", "")
    if name and not re.fullmatch(r"[\w.-]+/[\w.-]+", name):
        raise PublishError(
            f"GITHUB_REPOSITORY is {name!r}; give owner/name, without an address"
        )
    return name


def site_url() -> str:
    """Where the site will be found, with a slash at the end; empty when not known.

    Raises:
        PublishError: SITE_URL is not the address of a site.
    """
    url = os.getenv("SITE_URL", "")
    if url and not re.match(r"https?://[^/]", url):
        raise PublishError(f"SITE_URL is {url!r}; begin it with https://")
    if not url and repository():
        owner, name = repository().split("/")
        pages = f"{owner.lower()}.github.io"
        is_own_page = name.lower() == pages
        url = f"https://{pages}" if is_own_page else f"https://{pages}/{name}"
    return f"{url.rstrip('/')}/" if url else ""


def colab_url(page: str) -> str:
    """Where Colab opens a page's published notebook; empty when not known."""
    name = repository()
    return f"{COLAB}/{name}/blob/{BRANCH}/{page}.ipynb" if name else ""
