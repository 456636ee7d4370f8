"""The gates on the workflows: well formed, safe, and nothing untested is published.

``problems`` functions return one line for each fault, so that a fixture can show that
the fault is found. Two steps are run as they stand, without GitHub.
"""

import copy
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
FIXTURES = Path(__file__).parent / "workflow_fixtures"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONS = sorted((ROOT / ".github" / "actions").glob("*/action.yml"))
DEPENDABOT = ROOT / ".github" / "dependabot.yml"
TOOLS = Path(sys.executable).parent

# What must have passed before anything leaves the runner.
GATES = ("make test", "make book", "make prove", "python -m publish.complete")
RUNS_AFTER_FAILURE = re.compile(r"always\(|failure\(|cancelled\(")
STRICT = re.compile(r"^bash\b.* -euo pipefail \{0\}$")
PINNED = re.compile(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
OURS = re.compile(r"\$/\.github/actions/[\w-]+")
OWNER = re.compile(r"https?://|github\.(io|com)/|github\.repository(_owner)?\s*[!=]=")


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def jobs(path: Path) -> dict[str, Any]:
    """The jobs of a workflow; a composite action is taken for a job of its own."""
    content = read(path)
    return content.get("jobs") or {path.parent.name: content.get("runs", {})}


def steps(path: Path) -> Iterator[tuple[str, Any]]:
    """Each step, with the name of its job."""
    for name, job in jobs(path).items():
        for step in job.get("steps", []):
            yield name, step


# --- What each file must keep to ----------------------------------------------------


def schema_problems(path: Path) -> list[str]:
    """What GitHub's schema of such a file forbids."""
    schema = "github-actions" if path in ACTIONS else "github-workflows"
    if path == DEPENDABOT:
        schema = "dependabot"
    run = subprocess.run(
        [
            TOOLS / "check-jsonschema",
            *("--builtin-schema", f"vendor.{schema}"),
            *("--output-format", "json", path),
        ],
        capture_output=True,
        text=True,
    )
    report = json.loads(run.stdout)
    problems = [str(e) for e in report["errors"] + report.get("parse_errors", [])]
    assert bool(run.returncode) == bool(problems), run.stdout + run.stderr
    return problems


def audit_problems(path: Path) -> list[str]:
    """What zizmor warns of, none of it excused by a comment or a setting."""
    run = subprocess.run(
        [
            *(TOOLS / "zizmor", "--offline", "--no-config", "--no-ignores"),
            *("--persona", "pedantic", "--strict-collection", "--no-exit-codes"),
            *("--format", "json", "--no-progress", path),
        ],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return [f"{found['ident']}: {found['desc']}" for found in json.loads(run.stdout)]


def pin_problems(path: Path) -> list[str]:
    """Actions that aren't GitHub's own at a commit, with the version beside it."""
    used = re.findall(r"\buses:\s*(.+?)\s*$", path.read_text("utf-8"), re.MULTILINE)
    return [
        f"{name} is no pinned action"
        for name in used
        if not (PINNED.fullmatch(name) or OURS.fullmatch(name))
    ]


def timeout_problems(path: Path) -> list[str]:
    if path in ACTIONS:
        return []  # the job that uses the action has one
    return [
        f"{name} has no timeout-minutes"
        for name, job in jobs(path).items()
        if "timeout-minutes" not in job
    ]


def shell_problems(path: Path) -> list[str]:
    """Steps that go on after a failure in a pipe, or with a variable that isn't set."""
    default = read(path).get("defaults", {}).get("run", {}).get("shell", "none")
    return [
        f"{name}: {step['run'].splitlines()[0]!r} runs in the shell {shell!r}"
        for name, step in steps(path)
        if "run" in step and not STRICT.match(shell := step.get("shell", default))
    ]


def template_problems(path: Path) -> list[str]:
    """Scripts that GitHub fills in before the shell reads them."""
    return [
        f"{name}: a template in {step['run'].splitlines()[0]!r}"
        for name, step in steps(path)
        if "${{" in step.get("run", "")
    ]


def owner_problems(path: Path) -> list[str]:
    """Lines that hold for one owner's repository only, or lead to some address."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [f"it names {line.strip()!r}" for line in lines if OWNER.search(line)]


def publishing_problems(path: Path) -> list[str]:
    """Jobs that may write something for others without needing every gate."""
    return gate_problems(jobs(path))


def gate_problems(all_jobs: dict[str, Any]) -> list[str]:
    problems = []
    for name, job in all_jobs.items():
        if "write" not in str(job.get("permissions")):
            continue
        needed = _needed(all_jobs, name)
        passed = {line for other in needed for line in _certain(all_jobs[other])}
        problems += [
            f"{name} doesn't need {gate!r}"
            for gate in GATES
            if not any(line.endswith(gate) for line in passed)
        ]
        problems += [
            f"{other} runs after a failure too"
            for other in {name, *needed}
            if RUNS_AFTER_FAILURE.search(str(all_jobs[other].get("if", "")))
            or all_jobs[other].get("continue-on-error")
        ]
    return problems


def _needed(all_jobs: dict[str, Any], name: str) -> set[str]:
    """The jobs that ``name`` waits for, and those that these wait for."""
    needs = all_jobs[name].get("needs", [])
    direct = {needs} if isinstance(needs, str) else set(needs)
    return direct.union(*(_needed(all_jobs, other) for other in direct))


def _certain(job: dict[str, Any]) -> Iterator[str]:
    """The commands that must succeed before the job hands on what it made."""
    for step in job["steps"]:
        if "upload" in step.get("uses", ""):
            return
        if not {"if", "continue-on-error"} & step.keys():
            yield from map(str.strip, step.get("run", "").splitlines())


CHECKS: list[Callable[[Path], list[str]]] = [
    schema_problems,
    audit_problems,
    pin_problems,
    timeout_problems,
    shell_problems,
    template_problems,
    owner_problems,
    publishing_problems,
]


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=name_of)
@pytest.mark.parametrize("check", CHECKS)
def test_workflows_and_actions_keep_to(
    check: Callable[[Path], list[str]], path: Path
) -> None:
    assert check(path) == []


def test_all_three_workflows_and_both_actions_are_there() -> None:
    assert [path.stem for path in WORKFLOWS] == ["publish", "test", "weekly"]
    assert [path.parent.name for path in ACTIONS] == ["set-up", "unit-tests"]


def test_dependabot_keeps_to_its_schema_and_watches_every_action() -> None:
    assert schema_problems(DEPENDABOT) == []
    assert audit_problems(DEPENDABOT) == []
    (update,) = read(DEPENDABOT)["updates"]
    assert update["directories"] == ["/", "/.github/actions/*"]


@pytest.mark.parametrize("check", CHECKS)
def test_good_fixture_passes(check: Callable[[Path], list[str]]) -> None:
    assert check(FIXTURES / "good.yml") == []


@pytest.mark.parametrize(
    ("check", "name", "said"),
    [
        (schema_problems, "unknown_key", "'need' was unexpected"),
        (audit_problems, "unpinned", "unpinned-uses"),
        (audit_problems, "template_in_run", "template-injection"),
        (audit_problems, "credentials_stay", "artipacked"),
        (pin_problems, "unpinned", "actions/checkout@v5.0.0"),
        (pin_problems, "unnamed_version", "actions/checkout@08c6903"),
        (timeout_problems, "without_timeout", "build"),
        (shell_problems, "without_pipefail", "'make test' runs in the shell 'bash'"),
        (template_problems, "template_in_run", "head_commit.message"),
        (template_problems, "harmless_template_in_run", "github.sha"),
        (owner_problems, "names_an_owner", "'someone'"),
        (owner_problems, "names_an_address", "someone.example"),
        (publishing_problems, "untested", "deploy doesn't need 'make test'"),
        (publishing_problems, "failing_tests_pass", "doesn't need 'make test'"),
        (publishing_problems, "uncounted", "'python -m publish.complete'"),
        (publishing_problems, "needs_nothing", "deploy doesn't need 'make book'"),
        (publishing_problems, "publishes_in_any_case", "deploy runs after a failure"),
    ],
)
def test_check_fails_on(
    check: Callable[[Path], list[str]], name: str, said: str
) -> None:
    assert said in "\n".join(check(FIXTURES / f"{name}.yml"))


# --- What is published ----------------------------------------------------------------


@pytest.fixture
def publish() -> dict[str, Any]:
    return copy.deepcopy(read(ROOT / ".github" / "workflows" / "publish.yml"))


def test_both_jobs_that_write_would_be_found_without_the_tests(publish) -> None:
    build = publish["jobs"]["build"]["steps"]
    build[:] = [step for step in build if "make test" not in step.get("run", "")]
    found = gate_problems(publish["jobs"])
    assert found == [f"{name} doesn't need 'make test'" for name in ("colab", "deploy")]


def test_site_leads_to_notebooks_that_are_there_already(publish) -> None:
    assert "colab" in publish["jobs"]["deploy"]["needs"]


def test_one_publication_at_a_time_and_of_main_alone(publish) -> None:
    group = publish["concurrency"]
    assert group == {"group": "publish", "cancel-in-progress": False}
    assert publish["jobs"]["build"]["if"] == "github.ref == 'refs/heads/main'"


def test_owner_without_pages_is_told_what_to_click(publish) -> None:
    build = publish["jobs"]["build"]["steps"]
    asked = next(i for i, step in enumerate(build) if step.get("id") == "pages")
    told = build[asked + 1]
    assert told["if"] == "failure() && steps.pages.outcome == 'failure'"
    said = bash(told["run"], ROOT).stdout.splitlines()
    assert len(said) == 1
    assert said[0].startswith("::error title=GitHub Pages is off::Open Settings, Pages")


# --- The steps that can be run here ---------------------------------------------------


def bash(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess:
    """Run a step's script as the runner does, with a home that has no settings."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder.parent)} | variables,
        capture_output=True,
        text=True,
        check=True,
    )


def test_branch_for_colab_is_one_commit_and_pushed_only_when_it_differs(
    publish, tmp_path
) -> None:
    (step,) = (s for s in publish["jobs"]["colab"]["steps"] if "run" in s)
    remote = tmp_path / "remote.git"
    bash(f"git init --quiet --bare {remote}", tmp_path)

    def push(**notebooks: str) -> str:
        """What a run with these notebooks says."""
        made = tmp_path / "run" / step["working-directory"]
        bash(f"rm -rf {made} && mkdir -p {made}/basics", tmp_path)
        (made / "lrlib.whl").write_text("the site serves it")
        for name, text in notebooks.items():
            (made / "basics" / f"{name}.ipynb").write_text(text)
        return bash(step["run"], made, REMOTE=str(remote), TOKEN="secret").stdout

    there_already = "The branch has these notebooks already.\n"
    assert push(adam="{}", lars="{}") != there_already
    assert push(adam="{}", lars="{}") == there_already
    assert push(adam="[]") != there_already
    assert push(adam="[]") == there_already
    listed = bash("git ls-tree -r --name-only colab", remote).stdout
    assert listed == "basics/adam.ipynb\n"
    assert bash("git show colab:basics/adam.ipynb", remote).stdout == "[]"
    assert bash("git rev-list --count colab", remote).stdout == "1\n"


def test_push_to_github_takes_the_token_and_keeps_it_nowhere(publish, tmp_path) -> None:
    (step,) = (s for s in publish["jobs"]["colab"]["steps"] if "run" in s)
    made = tmp_path / "colab"
    made.mkdir()
    settings = step["run"].split("git add")[0]
    asked = 'printf "protocol=https\\nhost=git.example\\n" | git credential fill'
    said = bash(settings + asked, made, TOKEN="secret").stdout
    assert "username=x-access-token\npassword=secret\n" in said
    assert "secret" not in (made / ".git" / "config").read_text()


# --- What is tested with which versions ---------------------------------------------


def unlisted(listed: set[str], modules: set[str]) -> set[str]:
    """The modules of the library whose tests are there and aren't run."""
    return {name for name in modules if file_of(name).exists()} - listed


def file_of(module: str) -> Path:
    return ROOT / "tests" / f"test_{module}.py"


def test_unit_tests_are_those_of_the_library() -> None:
    (action,) = (path for path in ACTIONS if path.parent.name == "unit-tests")
    command = next(
        step["run"] for _, step in steps(action) if "-m pytest" in step["run"]
    )
    words = command.split("-m pytest")[1]
    listed = set(re.findall(r"test_(\w+)\.py", bash(f"echo {words}", ROOT).stdout))
    assert [name for name in listed if not file_of(name).exists()] == []
    modules = {path.stem for path in (ROOT / "lrlib").iterdir()}
    assert unlisted(listed, modules) == {"explorer"}  # it needs a browser
    assert unlisted(listed - {"sweep"}, modules) == {"explorer", "sweep"}


def test_pythons_are_those_of_the_pins_and_of_the_lower_bound() -> None:
    set_up, _ = map(read, ACTIONS)
    pinned = set_up["inputs"]["python"]["default"]
    assert (
        f"on Python {pinned}." in (ROOT / "constraints.txt").read_text().split("\n")[0]
    )
    versions = read(ROOT / ".github" / "workflows" / "test.yml")["jobs"]["library"]
    oldest, newest = versions["strategy"]["matrix"]["include"]
    assert (
        f'requires-python = ">={oldest["python"]}"'
        in (ROOT / "pyproject.toml").read_text()
    )
    assert (oldest["versions"], newest["versions"]) == ("lowest-direct", "highest")
