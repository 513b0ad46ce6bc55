"""Which encoding a file is in, decided on its bytes; what is no text at all is refused with what to do instead."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from charset_normalizer import from_bytes

from bot.errors import InputError

_CHUNK = 1 << 20
_SAMPLE = 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SPREADSHEET = "It looks like a spreadsheet: open it and save it as CSV, then try that file."
_KINDS = (
    (b"PK\x03\x04", _SPREADSHEET),
    (b"\xd0\xcf\x11\xe0", _SPREADSHEET),
    (b"%PDF", "It is a PDF: export what it holds as CSV, JSON lines or plain text."),
    (b"\x1f\x8b", "It is compressed: unpack it first."),
    (b"\x89PNG", "It is a picture: export what it holds as CSV, JSON lines or plain text."),
)
_EXPORT = "Export what it holds as CSV, JSON lines or plain text."
_CONTROLS = bytes(byte for byte in range(0x20) if byte not in b"\t\n\r\f\x00\x1b")
_NUL_SHARE = 0.3
_CONTROL_SHARE = 0.1
_STRAY_SHARE = 0.02
"""Of zero bytes and control characters: what is not UTF-8 and has as many is no text. Bytes at random have 0.1."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """Name an encoding for ``open`` and say whether some bytes do not fit it (they become U+FFFD)."""

    name: str
    lossy: bool = False


def find_encoding(path: Path) -> Encoding:
    """Return the encoding of a text file. Raises InputError for a file that is no text.

    A mark at the start decides; else UTF-8 where every byte of the file fits it; else what charset-normalizer
    makes of the start and of the first place that is not UTF-8; Windows-1252 where that is unsure.
    """
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    if told := encoding_of_start(path.name, head):
        return Encoding(told)
    odd = _first_odd_byte(path)
    return Encoding("utf-8") if odd is None else _legacy(path, head, odd)


def encoding_of_start(name: str, head: bytes) -> str | None:
    """Tell an encoding by a mark or by the zero bytes of UTF-16; None where the start cannot tell.

    Raises InputError, with ``name`` for what is read, where it is the start of no text.
    """
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    for start, advice in _KINDS:
        if head.startswith(start):
            raise _no_text(name, advice)
    if _share(head, _CONTROLS) > _CONTROL_SHARE:
        raise _no_text(name, _EXPORT)
    wide = _unmarked_utf16(head)
    if not wide and not _is_utf8(head) and _share(head, b"\x00" + _CONTROLS) > _STRAY_SHARE:
        raise _no_text(name, _EXPORT)
    return wide


def named_encoding(path: Path, name: str) -> Encoding:
    """Take the encoding that a person names. Raises InputError where there is none of that name."""
    try:
        known = codecs.lookup(name).name
        path.open(encoding=known).close()  # some codecs are none of text
    except (LookupError, ValueError):
        message = f"There is no encoding “{name[:40]}”. Name one such as utf-8, cp1252, latin-1, utf-16 or shift_jis."
        raise InputError(message) from None
    return Encoding(known, lossy=not _fits(path, known))


def _fits(path: Path, encoding: str) -> bool:
    try:
        with path.open(encoding=encoding) as file:
            while file.read(_CHUNK):
                pass
    except UnicodeError:
        return False
    return True


def _no_text(name: str, advice: str) -> InputError:
    message = f"{name} is not a text file. {advice}"
    return InputError(message)


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # the last character may be cut off
    except UnicodeDecodeError:
        return False
    return True


def _share(head: bytes, among: bytes) -> float:
    return sum(head.count(byte) for byte in among) / max(len(head), 1)


def _unmarked_utf16(head: bytes) -> str | None:
    """Recognise UTF-16 without a mark by its zero bytes: every second one in most of the world's exports."""
    half = max(len(head) // 2, 1)
    if head[1::2].count(0) > half * _NUL_SHARE and head[::2].count(0) < half * _NUL_SHARE:
        return "utf-16-le"
    if head[::2].count(0) > half * _NUL_SHARE and head[1::2].count(0) < half * _NUL_SHARE:
        return "utf-16-be"
    return None


def _first_odd_byte(path: Path) -> int | None:
    """Find where the file stops being UTF-8, read in pieces; None when all of it is."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    place = 0
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            try:
                decoder.decode(piece)
            except UnicodeDecodeError as error:
                return max(place + error.start - 4, 0)
            place += len(piece)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return max(place - 4, 0)
    return None


def _legacy(path: Path, head: bytes, odd: int) -> Encoding:
    with path.open("rb") as file:
        file.seek(odd)
        sample = head + b"\n" + file.read(_SAMPLE)
    if _mostly_utf8(sample):
        return Encoding("utf-8", lossy=True)
    best = from_bytes(sample, cp_isolation=["cp1252", "cp1250", "cp1251", "cp932", "gb18030", "big5", "euc_kr"]).best()
    # Western and Central European agree on German: of two that read alike, the usual one is named.
    if best is None or sample.decode("cp1252", errors="replace") == str(best):
        return Encoding("cp1252")
    return Encoding(best.encoding)


def _mostly_utf8(sample: bytes) -> bool:
    """Tell a UTF-8 file with a damaged place from one in another encoding: most of its accents read well."""
    text = sample.decode("utf-8", errors="replace")
    damaged = text.count("\ufffd")
    return sum(character > "\x7f" for character in text) - damaged > 4 * damaged
