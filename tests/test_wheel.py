"""The wheel holds the package and nothing else, and what is tested is what was installed from it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

import venvlint
from tests.checkout import ENVIRONMENT, ROOT, copy


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("wheel")
    source = copy(directory / "checkout")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(directory), str(source)]
    subprocess.run(command, env=ENVIRONMENT, check=True)
    (built,) = directory.glob("*.whl")
    return built


def test_contents(wheel: Path) -> None:
    package = ROOT / "hooks/venvlint"
    expected = {
        f"venvlint/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    names = ZipFile(wheel).namelist()
    metadata = {name for name in names if name.startswith(f"venvlint-{venvlint.__version__}.dist-info/")}
    assert set(names) - metadata == expected  # and so there is no bare `hooks`
    assert "venvlint/py.typed" in names
    assert any(name.endswith("/licenses/LICENSE") for name in metadata)


def test_installed_package_is_tested() -> None:
    """In CI, nothing may be imported from the source tree by accident."""
    if os.environ.get("VENVLINT_TEST") == "installed":
        assert Path(venvlint.__file__).is_relative_to(sys.prefix)
    assert ROOT / "hooks" not in {Path(entry).resolve() for entry in sys.path} or "VENVLINT_TEST" not in os.environ
