"""A PostgreSQL server of our own for a test run or a benchmark: made in a temporary folder, gone afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote

SETTINGS = (
    "listen_addresses=''",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=60",
)


class Absent(Exception):
    """This machine has no PostgreSQL server."""


def server_program(name: str) -> str:
    """Debian keeps the server's programs off the path."""
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True)]
    found = shutil.which(name, path=os.pathsep.join([*map(str, places), os.environ.get("PATH", "")]))
    if found is None:
        raise Absent(f"There is no PostgreSQL server here ({name} was not found). Debian: apt-get install postgresql")
    return found


def owner() -> str | None:
    """PostgreSQL refuses to run as root; another user then owns the cluster."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


class Cluster:
    """``with Cluster() as cluster: cluster.url`` — a server on a Unix socket, without safety against power cuts."""

    def __init__(self, settings: tuple[str, ...] = SETTINGS) -> None:
        self.initdb, self.pg_ctl = server_program("initdb"), server_program("pg_ctl")
        self.settings = settings
        self.user = owner()
        self.folder = Path(tempfile.mkdtemp(prefix="weizhi-postgres-"))
        self.data = self.folder / "data"
        if self.user:
            shutil.chown(self.folder, self.user)
        self.folder.chmod(0o755)

    def _run(self, *command: str | Path) -> None:
        # No environment of ours: a PG* variable would lead the server's programs elsewhere.
        subprocess.run(
            [str(part) for part in command],
            check=True,
            cwd=self.folder,
            user=self.user,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            stdout=subprocess.DEVNULL,
        )

    def start(self) -> None:
        self._run(
            self.initdb, "-U", "weizhi", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D", self.data
        )
        options = " ".join([f"-k {self.folder}", *(f"-c {setting}" for setting in self.settings)])
        self._run(self.pg_ctl, "-w", "-s", "-D", self.data, "-l", self.folder / "log", "-o", options, "start")

    def stop(self) -> None:
        if (self.data / "postmaster.pid").exists():
            self._run(self.pg_ctl, "-w", "-s", "-D", self.data, "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str = "postgres") -> str:
        return f"postgres://weizhi@{quote(str(self.folder), safe='')}/{database}"

    def postmaster(self) -> int:
        """The process whose children do the database's work."""
        return int((self.data / "postmaster.pid").read_text().splitlines()[0])

    def __enter__(self) -> "Cluster":
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


if __name__ == "__main__":
    try:
        print(server_program("initdb"))
    except Absent as absent:
        raise SystemExit(str(absent)) from None
