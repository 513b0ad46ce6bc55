"""Files that must agree do agree: settings, locks, Procfile, README, decisions, and the build."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from bot.commands.table import COMMANDS
from bot.listeners.actions import ACTIONS
from bot.listeners.modals import SUBMISSIONS
from bot.settings import variables
from tests.project_files import project_files

ROOT = Path(__file__).parents[1]


PAGES = [path.relative_to(ROOT).as_posix() for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


PROJECT = tomllib.loads(read("pyproject.toml"))["project"]


@pytest.fixture(scope="session")
def files() -> list[Path]:
    """List the project's files once, before a test gets a home of its own: git looks there whom it may trust."""
    return project_files(ROOT)


def locked(name: str) -> dict[str, list[str]]:
    """Read a lock: each requirement's line (name, version, marker) with the lines of its hashes."""
    found: dict[str, list[str]] = {}
    requirement = ""
    for line in read(name).splitlines():
        if line.startswith("    --hash"):
            found[requirement].append(line.strip())
        elif line and not line.lstrip().startswith("#"):
            requirement = line.removesuffix(" \\")
            found[requirement] = []
    return found


def helps(*command: str) -> bool:
    """Tell whether ``ballast`` knows a command, by asking for its help."""
    asked = subprocess.run(
        [sys.executable, "-m", "bot", *command, "--help"], capture_output=True, check=False, timeout=60
    )
    return asked.returncode == 0


def test_the_example_of_settings_shows_each_with_its_words_and_default() -> None:
    shown = re.findall(r"^# (.+)\n# ([A-Z_]+)=(.*)$", read(".env.example"), flags=re.MULTILINE)

    assert shown == [(each.description, each.name, each.default) for each in variables()]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_each_locked_package_has_a_version_and_hashes(lock: str) -> None:
    without = [line for line, hashes in locked(lock).items() if "==" not in line or not hashes]

    assert without == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_address(lock: str) -> None:
    assert re.findall(r"://|^-|@ ", read(lock), flags=re.MULTILINE) == []


def test_the_runtime_lock_is_part_of_the_dev_lock() -> None:
    versions = {line.split(" ;")[0] for line in locked("requirements-dev.lock")}

    assert {line.split(" ;")[0] for line in locked("requirements.lock")} - versions == set()


def test_what_make_run_installs_reaches_postgresql_too() -> None:
    assert any(line.startswith("psycopg==") for line in locked("requirements.lock"))


def test_each_dependency_is_locked_and_has_its_reason() -> None:
    names = [re.split(r"[\[<>=]", requirement)[0] for requirement in PROJECT["dependencies"]]
    lines = {line.split("==")[0] for line in locked("requirements.lock")}
    reasons = read("docs/decisions/0001-dependencies.md")

    assert set(names) - lines == set()
    assert [name for name in names if not re.search(rf"^\|.*\b{re.escape(name)}\b", reasons, flags=re.MULTILINE)] == []


def test_each_decision_is_in_the_index_and_says_how_it_is_checked() -> None:
    index = read("docs/decisions/README.md")
    records = sorted((ROOT / "docs/decisions").glob("0*.md"))

    assert records
    assert [each.name for each in records if f"({each.name})" not in index] == []
    parts = ("**Context.**", "**Decision.**", "**Consequences.**", "**Checked by**")
    assert [each.name for each in records if any(part not in each.read_text(encoding="utf-8") for part in parts)] == []


def test_no_file_names_a_registry_or_a_place_on_one_machine(files: list[Path]) -> None:
    hosts = "|".join(["pypi" + r"\.org", "python" + "hosted", "registry" + r"\.npmjs", "/simple" + "/"])
    places = "|".join(["/ro" + "ot/", "/ho" + "me/[a-z]+/", "/Us" + "ers/[a-z]+/"])
    texts = {path: path.read_bytes().decode("utf-8", errors="replace") for path in files}

    assert texts
    assert [str(path.relative_to(ROOT)) for path, text in texts.items() if re.search(f"{hosts}|{places}", text)] == []


def test_the_processes_of_the_procfile_are_commands_of_ballast() -> None:
    processes = [line.split(": ", 1)[1].split() for line in read("Procfile").splitlines()]

    assert processes
    assert [process for process in processes if process[0] != "ballast" or not helps(*process[1:])] == []


def test_what_the_readme_tells_to_type_exists() -> None:
    readme = read("README.md")
    targets = set(re.findall(r"^([a-z-]+):.*## ", read("Makefile"), flags=re.MULTILINE))
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", readme, flags=re.MULTILINE | re.DOTALL)
    typed = "\n".join([*(text for kind, text in blocks if kind == "sh"), *re.findall(r"`([^`\n]+)`", readme)])
    commands = set(re.findall(r"(?<![/\w])ballast ((?:db )?[a-z]+)", typed))

    assert set(re.findall(r"\bmake ([a-z-]+)", typed)) - targets == set()
    assert {"run", "test"} <= set(re.findall(r"\bmake ([a-z-]+)", typed))
    assert [command for command in sorted(commands) if not helps(*command.split())] == []


def test_the_readme_lists_every_sub_command_and_no_other() -> None:
    told = re.findall(r"^\| `/ballast (\w+)", read("README.md"), flags=re.MULTILINE)

    assert set(told) == {command.name for command in COMMANDS} | {"help"}


def test_every_id_that_a_person_can_press_has_its_listener() -> None:
    sections = re.findall(r"^# (\w+).*\n((?:[A-Z_]+ = \".*\"\n)+)", read("bot/views/ids.py"), flags=re.MULTILINE)
    written = {section: set(re.findall(r'"(.*)"', lines)) for section, lines in sections}

    assert written["Buttons"] == set(ACTIONS)
    assert written["Modals"] == set(SUBMISSIONS)


@pytest.mark.parametrize("page", PAGES)
def test_each_link_between_pages_leads_somewhere(page: str) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", read(page))

    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


def test_ci_runs_the_test_command_of_the_readme() -> None:
    script = ROOT / ".ci/run"

    assert script.stat().st_mode & 0o111
    assert re.search(r"^exec make .*\btest\b", script.read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_the_installer_supports_the_pythons_that_the_project_does() -> None:
    low, high = re.findall(r"\((3), (\d+)\)", read("tools/install"))
    supported = PROJECT["requires-python"]

    assert supported == f">=3.{low[1]},<3.{int(high[1]) + 1}"


def test_the_wheel_carries_the_packages_and_the_manifest_but_no_corpus(tmp_path: Path, files: list[Path]) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True, timeout=120)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        carried = set(wheel.namelist())
        manifest = wheel.read("bot/manifest.yaml")

    names = {path.relative_to(ROOT).as_posix() for path in files}
    packages = {name for name in names if name.startswith(("bot/", "classifiers/", "storage/"))}
    needed = {name for name in packages if not name.startswith("classifiers/corpus/")}
    assert needed - carried == set()
    assert [name for name in carried if "corpus/" in name] == []
    assert manifest == (ROOT / "manifest.yaml").read_bytes()
