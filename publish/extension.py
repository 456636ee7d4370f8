"""What the theme lacks and what it does too much, mended where Sphinx offers a hook.

``_config.yml`` names the extensions that are loaded at all; the templates beside this
file leave out the scripts that no page needs. The rest is here.
"""

import hashlib
import re
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util.fileutil import copy_asset

from publish import facts, fonts, highlight, lines, maths, terms
from publish.address import colab_url, repository, site_url

HERE = Path(__file__).parent
EXPLORER = HERE.parent / "lrlib" / "explorer"
# Files of the theme that no page asks for.
LEFT_OVER = ("*-macros.html", "**/*.map", "scripts/fontawesome.js*", "**/fa-*.ttf")
# The pages that Sphinx makes, and what a search engine shows of them.
OWN_PAGES = {
    "search": "Search the course.",
    "404": "This address leads to no page of the course.",
    "genindex": "Terms and functions, and the pages of the course that use them.",
}
# MyST-NB's own name for a screen reader lacks the words that are seen: "Show the code".
HIDDEN = '<summary aria-label="Toggle hidden content">'
LAB = re.compile(r'(<div class="lrlib-lab".*?</p>)', re.DOTALL)


def configure(app: Sphinx, config: Config) -> None:
    """Set what depends on where the site is published, and where our templates lie."""
    config.templates_path = [str(HERE / "templates"), *config.templates_path]
    config.html_baseurl = site_url()
    if repository():  # without it there is nothing that a button could lead to
        config.html_theme_options |= {
            "repository_url": f"https://github.com/{repository()}",
            "repository_branch": "main",
            "path_to_docs": "book",
            "use_repository_button": True,
            "use_edit_page_button": True,
            "use_issues_button": True,
        }


def rewrite_sidebars(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Write every page when the title of one changed: it stands in all sidebars."""
    titles = {name: title.astext() for name, title in env.titles.items()}
    kept = vars(env)  # goes with the environment from one build to the next
    changed = kept.get("course_titles") != titles
    kept["course_titles"] = titles
    return sorted(env.found_docs) if changed else []


def describe(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the page its description, its scripts and styles, and its download."""
    if doctree is None:  # a page of Sphinx's own
        tags = {"name": {"description": OWN_PAGES[pagename]}}
        context["metatags"] = context.get("metatags", "") + meta_tags(tags)
        if pagename == "genindex":
            homes = terms.terms(Path(app.srcdir))
            terms.shorten(context["genindexentries"], homes)
        return
    text = (context.get("meta") or {}).get("description") or first_sentence(doctree)
    tags = {"name": {"description": text}, "property": open_graph(context, text)}
    context["metatags"] = context.get("metatags", "") + meta_tags(tags)
    app.add_js_file("course.mjs", type="module", loading_method=None)
    body = context["body"].replace(HIDDEN, "<summary>")
    if '<span class="katex' in body:
        app.add_css_file("katex/katex.min.css")
        context["metatags"] += formula_tags(context["pathto"]("_static/katex/fonts", 1))
    if '<div class="facts">' in body:
        app.add_css_file("facts.css")
        app.add_js_file("facts.mjs", type="module", loading_method=None)
    if 'class="lrlib-interactive"' in body:
        context["metatags"] += explorer_tags(context["pathto"]("_static/lrlib", 1))
    link = f"{context['pathto']('_sources', 1)}/{pagename}.ipynb"
    is_notebook = str(app.env.doc2path(pagename)).endswith(".ipynb")
    colab = colab_url(pagename) if is_notebook else ""
    ways = f'<a href="{link}" download>Download this lesson</a> to run it in Jupyter'
    if colab:
        ways = f'<a href="{colab}">Open this lesson in Colab</a> to train here. {ways}'
        context["header_buttons"].insert(0, colab_button(colab))
    context["body"] = LAB.sub(rf"\1<p>{ways}.</p>", body)


def colab_button(url: str) -> dict[str, str]:
    """The theme's description of a button; it stands before the downloads."""
    # The theme's own Colab button leads to the sources, without pictures and lrlib.
    return {
        "type": "link",
        "url": url,
        "text": "Colab",
        "tooltip": "Open this lesson in Colab",
        "label": "colab-button",
    }


def meta_tags(tags: dict[str, dict[str, str]]) -> str:
    """HTML of ``{attribute: {name: content}}``."""
    return "\n".join(
        f'<meta {attribute}="{name}" content="{escape(content)}">'
        for attribute, contents in tags.items()
        for name, content in contents.items()
    )


def formula_tags(folder: str) -> str:
    """HTML that fetches the two fonts of every formula before the text is laid out.

    Without it the lines would move when the fonts arrive.
    """
    return "".join(
        f'<link rel="preload" as="font" type="font/woff2" crossorigin '
        f'href="{folder}/KaTeX_{name}.woff2">'
        for name in ("Main-Regular", "Math-Italic")
    )


def explorer_tags(folder: str) -> str:
    """HTML that loads the explorer; both modules at once, not one after the other.

    They don't wait for the rest of the page: see host.mjs.
    """
    version = hashlib.sha256()
    for module in sorted(EXPLORER.glob("*.mjs")):
        version.update(module.read_bytes())
    query = f"?v={version.hexdigest()[:8]}"
    return (
        f'<link rel="modulepreload" href="{folder}/explorer.mjs{query}">'
        f'<script type="module" async src="{folder}/host.mjs{query}"></script>'
    )


def first_sentence(doctree: nodes.document) -> str:
    """The first sentence of the first paragraph, for pages that name no description."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(paragraph.astext().split())
        return re.split(r"(?<=[.!?])\s", text)[0][:200]
    return ""


def open_graph(context: dict[str, Any], description: str) -> dict[str, str]:
    """What a link to the page shows elsewhere."""
    title = re.sub(r"<[^>]+>", "", context["title"])
    tags = {
        "og:type": "article",
        "og:title": title,
        "og:site_name": context["docstitle"],
        "og:description": description,
    }
    if context.get("pageurl"):  # only when the site's address is known
        tags["og:url"] = context["pageurl"]
    return tags


def collect_pages(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    """Add the page that a web host shows for a wrong address.

    It may be shown at any depth, so its links start at the root of the site.
    """
    root = urlsplit(site_url()).path or "/"
    return [("404", {"site_root": root}, "404.html")]


def finish(app: Sphinx, error: Exception | None) -> None:
    """Add the files that no page writes."""
    if error:
        return
    out = Path(app.outdir)
    copy_asset(HERE / "katex" / "katex.min.css", out / "_static" / "katex")
    copy_asset(HERE / "katex" / "fonts", out / "_static" / "katex" / "fonts")
    for pattern in LEFT_OVER:
        for path in (out / "_static").glob(pattern):
            path.unlink()
    fonts.shrink(out, out.parent / "fonts")
    names = sorted(app.env.found_docs)
    robots = "User-agent: *\nAllow: /\n"
    sitemap = out / "sitemap.xml"
    sitemap.unlink(missing_ok=True)
    if site_url():  # a sitemap holds full addresses, or it says nothing true
        robots += f"Sitemap: {site_url()}sitemap.xml\n"
        entries = "".join(
            f"<url><loc>{escape(f'{site_url()}{name}.html')}</loc></url>\n"
            for name in names
        )
        sitemap.write_text(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
            f"{entries}</urlset>\n"
        )
    (out / "robots.txt").write_text(robots)


def copy_modules(app: Sphinx) -> None:
    """Put the explorer's modules where the pages look for them."""
    for module in EXPLORER.glob("*.mjs"):
        copy_asset(module, Path(app.outdir) / "_static" / "lrlib")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect everything; called by Sphinx."""
    highlight.setup(app)
    maths.setup(app)
    lines.setup(app)
    terms.setup(app)
    # Jupyter Book sets it for an extension that this book does not load.
    app.add_config_value("comments_config", None, "")
    app.connect("config-inited", configure)
    app.connect("builder-inited", copy_modules)
    app.connect("doctree-read", facts.mark_cells)
    app.connect("env-updated", rewrite_sidebars)
    # After the theme (500), whose context this completes.
    app.connect("html-page-context", describe, priority=900)
    app.connect("html-collect-pages", collect_pages)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
