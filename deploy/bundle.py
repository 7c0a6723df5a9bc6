"""`make bundle`: one archive that installs without a network, on x86_64 and aarch64, with python3 alone.

In it: the wheels of requirements.lock for every machine and Python named below, the program's own wheel, pip's, an
installer, the configuration, the files of deploy/ and the guides, and the SHA-256 of each.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
MACHINES = ("x86_64", "aarch64")
PYTHONS = ("3.11", "3.12", "3.13")
LIBRARIES = ("manylinux_2_34", "manylinux_2_31", "manylinux_2_28", "manylinux_2_17", "manylinux2014")
"""Oldest C libraries wheels may ask for; 2.34 is that of Debian 12, openEuler 22.03 and everything newer."""
SUMS = "SHA256SUMS"


def main() -> int:
    """Builds the archive and says where it is."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--out", type=Path, default=TOP / "dist")
    asked.add_argument("--machine", action="append", choices=MACHINES)
    asked.add_argument("--python", action="append", choices=PYTHONS)
    options = asked.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.out) as folder:
        content = Path(folder) / "content"
        wheels = content / "wheels"
        wheels.mkdir(parents=True)
        own = own_wheel(wheels)
        pip("download", "pip", "--no-deps", "--only-binary", ":all:", "-d", str(wheels))
        for machine in options.machine or MACHINES:
            for python in options.python or PYTHONS:
                download(wheels, machine, python)
        gather(content)
        name = f"duban-{own.name.split('-')[1]}"
        archive = options.out / f"{name}.tar"
        write_sums(content)
        pack(content, name, Path(folder) / "archive")
        (Path(folder) / "archive").replace(archive)
    print(f"{archive}：{archive.stat().st_size / 1e6:.0f} MB")
    return 0


def own_wheel(wheels: Path) -> Path:
    """The program itself, of what is there now and nothing an earlier build left behind."""
    shutil.rmtree(TOP / "build", ignore_errors=True)
    pip("wheel", str(TOP), "--no-deps", "--no-build-isolation", "-w", str(wheels))
    return next(wheels.glob("duban-*.whl"))


def download(wheels: Path, machine: str, python: str) -> None:
    """The locked wheels for one kind of machine; fails where one of them does not exist for it."""
    platforms = [part for library in LIBRARIES for part in ("--platform", f"{library}_{machine}")]
    locked = ("--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(TOP / "requirements.lock"))
    pip(
        "download",
        *locked,
        *platforms,
        "--python-version",
        python,
        "--implementation",
        "cp",
        "-d",
        str(wheels),
    )


def gather(content: Path) -> None:
    """Everything beside the wheels."""
    for name in ("requirements.lock", "config.toml", "README.md", "CHANGELOG.md", "LICENSE"):
        shutil.copy(TOP / name, content)
    shutil.copy(TOP / "deploy" / "install.py", content)
    kept_out = shutil.ignore_patterns("__pycache__", "bundle.py", "install.py")
    shutil.copytree(TOP / "deploy", content / "deploy", ignore=kept_out)
    shutil.copytree(TOP / "docs", content / "docs", ignore=shutil.ignore_patterns("decisions"))


def files(content: Path) -> Iterator[Path]:
    """Every file of the bundle, in order."""
    return (path for path in sorted(content.rglob("*")) if path.is_file() and path.name != SUMS)


def write_sums(content: Path) -> None:
    """The list the installer goes by; `sha256sum -c` reads it too."""
    lines = []
    for path in files(content):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        lines.append(f"{digest}  {path.relative_to(content)}\n")
    (content / SUMS).write_text("".join(lines), encoding="utf-8")


def pack(content: Path, name: str, archive: Path) -> None:
    """One archive below one folder."""
    with tarfile.open(archive, "w") as tar:
        tar.add(content, name)


def pip(*words: str) -> None:
    """pip of the environment this runs in."""
    command: Sequence[str] = (
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--no-input",
        "--quiet",
        *words,
    )
    subprocess.run(command, check=True)


if __name__ == "__main__":
    sys.exit(main())
