"""Make .venv ready: packages by hash, the program itself, the message catalogues.

Needs only the standard library of Python 3.11. Safe to repeat: what a stamp says is done is not done again.
"""

import argparse
import hashlib
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
LOCKS = {"run": ROOT / "requirements" / "run.txt", "dev": ROOT / "requirements" / "dev.txt"}
PIP = ("--disable-pip-version-check", "--quiet", "--no-input")


def say(words: str) -> None:
    print(f"==> {words}", flush=True)


def run(*command: str | Path) -> None:
    try:
        subprocess.run([str(part) for part in command], check=True, cwd=ROOT)
    except subprocess.CalledProcessError as error:
        sys.exit(f"\nSet-up stopped: this command failed with code {error.returncode}:\n  {' '.join(error.cmd)}")


def works(*command: str | Path) -> bool:
    return subprocess.run([str(part) for part in command], capture_output=True).returncode == 0


def make_venv() -> None:
    """A virtual environment, also on a Debian that lacks python3-venv (ensurepip is a package of its own there)."""
    if PYTHON.exists() and works(PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"):
        return
    say(f"Making .venv with Python {sysconfig.get_python_version()} ({sys.executable})")
    arguments = ["--clear"] if works(sys.executable, "-c", "import ensurepip") else ["--clear", "--without-pip"]
    run(sys.executable, "-m", "venv", *arguments, VENV)


def pip() -> tuple[str | Path, ...]:
    if works(PYTHON, "-m", "pip", "--version"):
        return (PYTHON, "-m", "pip", *PIP)
    if works(sys.executable, "-m", "pip", "--version"):
        return (sys.executable, "-m", "pip", "--python", PYTHON, *PIP)
    sys.exit("There is no pip for this Python. On Debian: apt-get install python3-venv (or python3-pip), then again.")


def fingerprint(lock: Path) -> str:
    parts = [lock.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), sys.version.encode(), str(ROOT).encode()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def install(purpose: str) -> None:
    lock = LOCKS[purpose]
    stamp = VENV / "weizhi-installed"
    wanted = {name: fingerprint(path) for name, path in LOCKS.items()}
    installed = dict(line.split() for line in stamp.read_text().splitlines()) if stamp.exists() else {}
    # The development lock holds everything of the other one, so a developer's venv also serves `make run`.
    if wanted[purpose] == installed.get(purpose) or (purpose == "run" and wanted["dev"] == installed.get("dev")):
        return
    say(f"Installing the packages of {lock.relative_to(ROOT)} (once; some minutes on a slow line)")
    run(*pip(), "install", "--require-hashes", "--only-binary", ":all:", "-r", lock)
    say("Installing weizhi itself")
    # No build isolation: the builder is in the lock, so nothing is fetched without a hash.
    run(*pip(), "install", "--no-deps", "--no-build-isolation", "--editable", ROOT)
    stamp.write_text(f"{purpose} {wanted[purpose]}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("purpose", choices=sorted(LOCKS), help="run: what the server needs; dev: also tests and lint")
    purpose = parser.parse_args().purpose
    start = time.monotonic()
    make_venv()
    install(purpose)
    run(PYTHON, ROOT / "scripts" / "catalogues.py")
    say(f"Set-up is done ({time.monotonic() - start:.0f} s)")


if __name__ == "__main__":
    main()
