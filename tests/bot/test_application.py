import pytest

from bot.__main__ import run_program
from bot.cli.application import ENTRIES, Entry
from bot.errors import InputError


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_command_loads_and_shows_its_help(entry: Entry, capsys: pytest.CaptureFixture[str]) -> None:
    path = [entry.group, entry.name] if entry.group else [entry.name]

    assert run_program([*path, "--help"]) == 0
    assert f"ballast {' '.join(path)}" in capsys.readouterr().out


def test_the_overview_names_every_command_with_its_docstring(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_program(["--help"]) == 0

    overview = capsys.readouterr().out
    assert all((entry.group or entry.name) in overview for entry in ENTRIES)
    assert "Find the customer problems and user problems in feedback." in overview


@pytest.mark.parametrize("arguments", [["manifest"], ["--debug", "manifest"], ["manifest", "--debug"]])
@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (InputError("Type it so."), "ballast: Type it so."),
        (ValueError("Quokkasaurus"), "ballast: Something unexpected went wrong (ValueError"),
        (RecursionError("Quokkasaurus"), "Run it with --debug to see where."),
    ],
)
def test_a_failure_is_a_sentence_and_only_debug_shows_where(
    arguments: list[str],
    error: Exception,
    sentence: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(**_: str) -> str:
        raise error

    monkeypatch.setattr("bot.cli.manifest.manifest", fail)

    assert run_program(arguments) == 1
    told = capsys.readouterr().err
    assert sentence in told
    assert "Quokkasaurus" not in told
    assert ('File "' in told) == ("--debug" in arguments)


def test_ctrl_c_ends_with_its_own_status(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(**_: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("bot.cli.manifest.manifest", interrupt)

    assert run_program(["manifest"]) == 130
