"""The text of a file in whatever Unicode it is written, or what the file is instead of a table."""

from __future__ import annotations

import codecs
import io
import json
from pathlib import Path

# A byte order mark, and the encoding that it tells; UTF-32 first, as its mark begins like that of UTF-16.
BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAVE = "open it where it was made, and save it as CSV UTF-8"
UNPACK = "unpack it, and name the file that was in it"
LOAD = "a run of pizzatune is opened with pt.load(path)"
DOWNLOAD = "download the table itself as CSV"
# How files begin that are no tables, what they are, and what to do.
BEGINNINGS: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", SAVE),
    (b"%PDF", "a PDF", "copy its table into a spreadsheet, and save that as CSV UTF-8"),
    (b"\x1f\x8b", "packed with gzip", UNPACK),
    (b"BZh", "packed with bzip2", UNPACK),
    (b"\xfd7zXZ", "packed with xz", UNPACK),
    (b"(\xb5/\xfd", "packed with zstd", UNPACK),
    (b"7z\xbc\xaf", "a 7-Zip archive", UNPACK),
    (b"Rar!", "a RAR archive", UNPACK),
    (b"SQLite format 3\0", "an SQLite database", LOAD),
    (b"PAR1", "a Parquet table", "write it as CSV: pandas.read_parquet(path).to_csv(..., index=False)"),
    (b"ARROW1", "a Feather table", "write it as CSV: pandas.read_feather(path).to_csv(..., index=False)"),
    (b"\x89PNG", "a picture (PNG)", "type its numbers into a spreadsheet, and save that as CSV UTF-8"),
    (b"\xff\xd8\xff", "a picture (JPEG)", "type its numbers into a spreadsheet, and save that as CSV UTF-8"),
    (b"{\\rtf", "a document with styles (RTF)", "save it as plain text in UTF-8"),
    (b"version https://git-lfs", "a pointer of Git LFS", "fetch the file that it stands for: git lfs pull"),
)
NAMES = (b"BZh", b"Rar!", b"PAR1", b"ARROW1")  # in a file that is all text, the name of a column
CONTROL = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b")) + b"\x7f"  # bytes that no text has
MARKUP = ("<!doctype", "<html", "<head", "<body", "<table", "<?xml", "<svg")
# What a zip archive holds, what it is then, and what to do.
PACKED = (
    ("xl/", "an Excel workbook (.xlsx)", SAVE),
    ("Index/", "a Numbers spreadsheet", SAVE),
    ("content.xml", "an OpenDocument spreadsheet (.ods)", SAVE),
    ("word/", "a Word document", "copy its table into a spreadsheet, and save that as CSV UTF-8"),
)


def read_text(path: str | Path) -> str:
    """The text of a file in UTF-8, UTF-16 or UTF-32; a byte that is no UTF-8 becomes a lone surrogate.

    Raises
    ------
    FileNotFoundError, IsADirectoryError
        If there is no such file, or a folder.
    ValueError
        If the file is no text: a workbook, an archive, a web page. The message says what to do.
    """
    if f"{path}".startswith(("http://", "https://")):
        raise ValueError(
            f"{path}, row 1, column 1: this is a web address; download the file, and give its path"
        )
    if Path(path).is_dir():
        csvs = sorted(file.name for file in Path(path).iterdir() if file.suffix.lower() == ".csv")
        example = f", such as {csvs[0]!r}" if csvs else ""
        raise IsADirectoryError(f"{path} is a folder, not a file; name a file in it{example}")
    content = Path(path).read_bytes()
    what, remedy = _other_kind(content)
    encoding = _encoding(content)
    text = ""
    if not what:
        try:
            text = content.decode(encoding, errors="surrogateescape" if encoding == "utf-8-sig" else "strict")
        except UnicodeDecodeError as error:
            what, remedy = (
                f"broken {encoding.upper()} ({error.reason})",
                "save the file once more, as CSV UTF-8",
            )
    text = text.rstrip("\x1a")  # so DOS ended a file
    if text.lstrip()[:9].lower().startswith(MARKUP):
        what, remedy = "a web page or XML", DOWNLOAD
    elif text.startswith(("{", "[")) and _is_json(text):
        what, remedy = "JSON", "write it as CSV: pandas.read_json(path).to_csv(..., index=False)"
    if what:
        raise ValueError(f"{path}, row 1, column 1: the file is {what}, not a table as text; {remedy}")
    return text


def _encoding(content: bytes) -> str:
    """As the byte order mark tells; without one UTF-16 where every other byte is mostly 0, else UTF-8."""
    for mark, encoding in BOMS:
        if content.startswith(mark):
            return encoding
    first, second = content[::2].count(0), content[1::2].count(0)
    if max(first, second) > len(content) / 4 and min(first, second) == 0:
        return "utf-16-be" if first else "utf-16-le"
    return "utf-8-sig"


def _other_kind(content: bytes) -> tuple[str, str]:
    """What a file is that is not text, and what to do; two empty texts where it may be text."""
    if content.startswith(b"PK\x03\x04"):
        return _packed(content)
    for beginning, what, remedy in BEGINNINGS:
        if content.startswith(beginning) and (beginning not in NAMES or any(map(content.count, CONTROL))):
            return what, remedy
    if _encoding(content) == "utf-8-sig":  # in the others, a letter has bytes of all kinds
        odd = [count for byte in CONTROL if (count := content.count(byte))]
        if len(odd) >= 3 and sum(odd) > len(content) / 50:
            return "written for a program, not for people", SAVE
    return "", ""


def _packed(content: bytes) -> tuple[str, str]:
    import zipfile  # loads only when there is something to unpack

    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return "a broken zip archive or workbook", "fetch or save it once more, as CSV UTF-8"
    for beginning, what, remedy in PACKED:
        if any(name.startswith(beginning) for name in names):
            return what, remedy
    return "a zip archive", UNPACK


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False
