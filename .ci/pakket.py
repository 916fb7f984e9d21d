#!/usr/bin/env python3
"""The zip that people download: the program, one page to begin with, the sample, a folder for their own
export, and the licences. After `cargo build --release` and onderdelen.py."""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = "Lees mij eerst.txt"
# A fixed date: the same files give the same zip.
DATE = (2020, 1, 1, 0, 0, 0)


def for_notepad(text):
    """As every editor of Windows reads it."""
    return b"\xef\xbb\xbf" + text.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8")


def add(archive, name, content, executable=False):
    entry = zipfile.ZipInfo(name, DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (0o100755 if executable else 0o100644) << 16
    archive.writestr(entry, content)


def empty_folder(archive, name):
    entry = zipfile.ZipInfo(name + "/", DATE)
    entry.external_attr = 0o40755 << 16 | 0x10
    archive.writestr(entry, b"")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--name", required=True)
    given = parser.parse_args()
    program = "rechtmatig.exe" if sys.platform == "win32" else "rechtmatig"
    binary = ROOT / "target" / "release" / program
    if sys.platform != "win32":
        stripped = pathlib.Path(tempfile.mkdtemp()) / program
        subprocess.run(["strip", "-o", stripped, binary], check=True)
        binary = stripped
    version = re.search(r'^version = "(.+)"', (ROOT / "Cargo.toml").read_text(encoding="utf-8"), re.M).group(1)
    folder = f"rechtmatig-{version}"
    given.out.mkdir(parents=True, exist_ok=True)
    target = given.out / f"rechtmatig-{version}-{given.name}.zip"
    with zipfile.ZipFile(target, "w") as archive:
        add(archive, f"{folder}/{program}", binary.read_bytes(), executable=True)
        page = (ROOT / "docs" / PAGE).read_text(encoding="utf-8").replace("rechtmatig.exe", program)
        add(archive, f"{folder}/{PAGE}", for_notepad(page))
        for path in sorted((ROOT / "sample-data").rglob("*")):
            if path.is_file():
                name = path.relative_to(ROOT / "sample-data").as_posix()
                add(archive, f"{folder}/voorbeeld/{name}", path.read_bytes())
        empty_folder(archive, f"{folder}/mijn-export")
        for name, path in [("Licentie.txt", ROOT / "LICENSE"), ("Licenties van onderdelen.txt", ROOT / "target" / "licenties.txt")]:
            add(archive, f"{folder}/{name}", for_notepad(path.read_text(encoding="utf-8")))
    print(target)


if __name__ == "__main__":
    main()
