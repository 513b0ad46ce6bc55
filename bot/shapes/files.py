"""Files as far as a message tells of them: their names and what Slack shows of them. Nothing is downloaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.reading_markup import without_markup
from bot.shapes.fields import mapping_at, text_or_none
from bot.shapes.notation import escaped

File = Mapping[str, object]


def files_lines(files: list[File]) -> Iterator[str]:
    """Give each file's name, its title where that says more, and the words that Slack shows of it."""
    for file in files:
        yield from (escaped(words) for words in dict.fromkeys(_words(file)) if words.strip())


def _words(file: File) -> Iterator[str]:
    name, title = text_or_none(file, "name"), text_or_none(file, "title")
    yield name or title or ""
    if title and name and title != name.rsplit(".", 1)[0]:
        yield title
    yield text_or_none(file, "alt_txt") or ""
    yield _preview(file)
    yield text_or_none(mapping_at(mapping_at(file, "transcription"), "preview"), "content") or ""


def _preview(file: File) -> str:
    shown = (text_or_none(file, field) for field in ("plain_text", "preview_plain_text", "preview"))
    preview = next(filter(None, shown), "")
    return without_markup(preview) if preview.lstrip().startswith("<") else preview
