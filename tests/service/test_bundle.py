"""The offline bundle: installs with the network cut, and says so when a file was spoilt on the way."""

from __future__ import annotations

import ensurepip
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from tests.require import program, require

TOP = Path(__file__).parent.parent.parent
SOAK = bool(os.environ.get("DUBAN_SOAK"))
SAYS = "import sys\n\n\ndef main():\n    print('duban', sys.argv[1:])\n"


def module(name: str) -> ModuleType:
    """A file of ``deploy/``."""
    spec = importlib.util.spec_from_file_location(name, TOP / "deploy" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def cut_off() -> Sequence[str]:
    """Put before a command that is to have no network at all."""
    unshare = program("unshare", what="断网安装", package="util-linux")
    alone = (str(unshare), "-rn")
    if subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
        require("断网安装", "这台机器不让建命名空间（unshare -rn）")
    return alone


def wheel(folder: Path, name: str, content: dict[str, str]) -> Path:
    """A wheel of text files."""
    made = folder / f"{name}-0.1.0-py3-none-any.whl"
    about = f"{name}-0.1.0.dist-info"
    files = {
        **content,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": "",
    }
    with zipfile.ZipFile(made, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return made


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """A bundle of two small wheels, packed and unpacked again by the programs that do it in earnest."""
    content, bundle = tmp_path / "content", module("bundle")
    wheels = content / "wheels"
    wheels.mkdir(parents=True)
    [pip] = list(Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl")) or [None]
    if pip is None:
        require("离线安装包", "这个 python3 不带 ensurepip")
    shutil.copy(pip, wheels)
    own = {
        "said.py": SAYS,
        "duban-0.1.0.dist-info/entry_points.txt": "[console_scripts]\nduban = said:main\n",
    }
    wheel(wheels, "duban", own)
    needed = wheel(wheels, "needed", {"needed.py": "VALUE = 1\n"})
    bundle.gather(content)
    digest = hashlib.sha256(needed.read_bytes()).hexdigest()
    (content / "requirements.lock").write_text(f"needed==0.1.0 --hash=sha256:{digest}\n", encoding="ascii")
    bundle.write_sums(content)
    bundle.pack(content, "duban-0.1.0", tmp_path / "bundle.tar")
    with tarfile.open(tmp_path / "bundle.tar") as archive:
        archive.extractall(tmp_path / "there", filter="data")
    return tmp_path / "there" / "duban-0.1.0"


def install(bundle: Path, target: Path) -> subprocess.CompletedProcess[str]:
    command = [*cut_off(), sys.executable, "-I", str(bundle / "install.py"), str(target)]
    return subprocess.run(command, check=False, capture_output=True, text=True)


class TestABundle:
    def test_installs_without_a_network(self, unpacked: Path, tmp_path: Path) -> None:
        """断了网，只有 python3：装好能用；再装一次不动已改好的配置。"""
        target = tmp_path / "srv"
        done = install(unpacked, target)
        assert done.returncode == 0, done.stderr
        assert "duban init" in done.stdout
        said = subprocess.run([target / ".venv/bin/duban", "x"], check=True, capture_output=True, text=True)
        assert said.stdout == "duban ['x']\n"
        assert (target / "deploy/duban.service").exists()
        assert (target / "docs/operations.md").exists()
        (target / "config.toml").write_text("# ours\n", encoding="utf-8")
        assert install(unpacked, target).returncode == 0
        assert (target / "config.toml").read_text(encoding="utf-8") == "# ours\n"

    def test_tells_of_a_file_spoilt_on_the_way(self, unpacked: Path, tmp_path: Path) -> None:
        """拷贝时坏了一个字节、少了一个文件：说是哪一个，什么也不装。"""
        (unpacked / "config.toml").write_text("x", encoding="utf-8")
        refused = install(unpacked, tmp_path / "srv")
        assert refused.returncode == 2
        assert "config.toml" in refused.stderr
        (unpacked / "config.toml").unlink()
        assert install(unpacked, tmp_path / "srv").returncode == 2
        assert not (tmp_path / "srv").exists()

    def test_wants_to_know_where(self, unpacked: Path) -> None:
        """没说装到哪里：一行用法。"""
        command = [sys.executable, "-I", str(unpacked / "install.py")]
        refused = subprocess.run(command, check=False, capture_output=True, text=True)
        assert refused.returncode == 2
        assert refused.stderr.startswith("用法")

    @pytest.mark.soak
    @pytest.mark.skipif(not SOAK, reason="downloads every wheel; make soak")
    def test_of_the_whole_program_opens_a_record(self, tmp_path: Path) -> None:
        """真正的安装包断网装好，建库开账，状况正常；aarch64 的也都齐全。"""
        command = [sys.executable, str(TOP / "deploy" / "bundle.py"), "--out", str(tmp_path)]
        python = f"{sys.version_info.major}.{sys.version_info.minor}"
        subprocess.run([*command, "--python", python], check=True)
        [archive] = tmp_path.glob("duban-*.tar")
        with tarfile.open(archive) as packed:
            packed.extractall(tmp_path / "there", filter="data")
        [unpacked] = (tmp_path / "there").iterdir()
        target = tmp_path / "srv"
        done = install(unpacked, target)
        assert done.returncode == 0, done.stderr
        for words in (("init",), ("status",)):
            alone = [*cut_off(), str(target / ".venv/bin/duban"), *words]
            subprocess.run(alone, check=True, cwd=target, capture_output=True)
