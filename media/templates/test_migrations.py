"""Migrations go up, come down again, and go up once more.

Needs TEST_DATABASE_URL, the URL of a database that these tests may empty; its name has to hold the word "test":

    TEST_DATABASE_URL=postgresql+psycopg://me@localhost/app_test pytest tests/test_migrations.py
"""
import os
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

FOLDER = Path(__file__).resolve().parent / "{{folder}}"
URL = os.environ.get("TEST_DATABASE_URL", "")

pytestmark = pytest.mark.skipif(not URL, reason="TEST_DATABASE_URL is not set")


def make_config() -> Config:
    config = Config(FOLDER / "{{config}}"{{section}})
    config.set_main_option("sqlalchemy.url", URL.replace("%", "%%"))
    return config


def revisions():
    """All of them, parents first."""
    script = ScriptDirectory.from_config(Config(FOLDER / "{{config}}"{{section}}))
    return list(reversed(list(script.walk_revisions())))


def empty(url: str) -> None:
    assert "test" in (sa.engine.make_url(url).database or ""), "TEST_DATABASE_URL names a database that is not for tests"
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
        else:
            metadata = sa.MetaData()
            metadata.reflect(connection)
            metadata.drop_all(connection)
    engine.dispose()


def versions() -> set:
    """What the database says itself: an env.py that connects elsewhere must not pass."""
    engine = sa.create_engine(URL)
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("{{versionTable}}"):
            return set()
        rows = set(connection.execute(sa.text("SELECT version_num FROM {{versionTable}}")).scalars())
    engine.dispose()
    return rows


@pytest.fixture(scope="module")
def config():
    # For an env.py that takes the URL from the environment.
    before = {name: os.environ.get(name) for name in ("DATABASE_URL", "SQLALCHEMY_DATABASE_URL")}
    os.environ.update({name: URL for name in before})
    os.chdir(FOLDER)
    yield make_config()
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@pytest.fixture(scope="module")
def emptied(config):
    """One database for all single revisions: each finds what those before it have left."""
    empty(URL)
    return config


def test_there_is_one_head(config):
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


@pytest.mark.parametrize("revision", revisions(), ids=lambda revision: revision.revision)
def test_each_revision_goes_up_down_and_up(emptied, revision):
    command.upgrade(emptied, revision.revision)
    assert revision.revision in versions(), "env.py connects to another database than TEST_DATABASE_URL"
    down = revision.down_revision or "base"
    # The branch is named, since the parent alone would take its other children down as well.
    command.downgrade(emptied, f"{revision.revision}@{down if isinstance(down, str) else down[0]}")
    assert revision.revision not in versions()
    command.upgrade(emptied, revision.revision)
    assert revision.revision in versions()


def test_all_go_up_down_and_up(config):
    empty(URL)
    command.upgrade(config, "heads")
    command.downgrade(config, "base")
    assert versions() == set()
    command.upgrade(config, "heads")
    assert versions() == set(ScriptDirectory.from_config(config).get_heads())
