"""离线安装：python3 install.py 目录。Needs python3 (3.11 or newer) and nothing else; opens no connection."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OLDEST = (3, 11)
KEPT = "config.toml"
"""Left alone where there is one already."""


def main(arguments: list[str]) -> int:
    """Checks every file, makes the environment, and says what to do next."""
    if len(arguments) != 1:
        return no("用法：python3 install.py 安装目录，例如 python3 install.py /srv/duban")
    if sys.version_info < OLDEST:
        return no(f"需要 Python 3.11 或更新版本，这里是 {sys.version.split()[0]}；换一个 python3 再装。")
    if (spoilt := first_spoilt()) is not None:
        return no(f"{spoilt} 与清单不符，安装包在路上损坏了；重新拷贝一份再装。")
    target = Path(arguments[0]).resolve()
    target.mkdir(parents=True, exist_ok=True)
    environment = target / ".venv"
    wheels = HERE / "wheels"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--clear", environment], check=True)
    pip = [environment / "bin" / "python", next(wheels.glob("pip-*.whl")) / "pip", "install", "--quiet"]
    offline = ["--no-index", "--find-links", wheels, "--no-deps", "--only-binary", ":all:", "--no-input"]
    quiet = ["--disable-pip-version-check", "--no-cache-dir"]
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    for what in (["--require-hashes", "-r", HERE / "requirements.lock"], [next(wheels.glob("duban-*.whl"))]):
        done = subprocess.run([*pip, *offline, *quiet, *what], check=False, env=alone)
        if done.returncode:
            return no("装不上：这台机器的处理器或 Python 版本可能不在安装包之内，见上面的话。")
    for name in ("deploy", "docs"):
        shutil.copytree(HERE / name, target / name, dirs_exist_ok=True)
    if not (target / KEPT).exists():
        shutil.copy(HERE / KEPT, target / KEPT)
    print(
        f"已装到 {target}。下一步：改好 {target / KEPT}，再在那里运行 .venv/bin/duban init；升级则运行 duban upgrade。"
    )
    return 0


def first_spoilt() -> str | None:
    """The first file that is not as it was packed; None where all are."""
    for line in (HERE / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        path = HERE / name
        if not path.is_file():
            return name
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                return name
    return None


def no(sentence: str) -> int:
    """A refusal on one line."""
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
