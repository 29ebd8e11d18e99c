"""Answers questions about histories with the commands of the real Alembic.

Reads one history with its questions a line, as JSON, and writes a line of answers. No files, no database: the revisions are made in
memory, and env.py is replaced by what Alembic's own `MigrationContext.run_migrations` does to the version table.
"""
import io
import json
import sys
import warnings
from types import SimpleNamespace

import sqlalchemy
from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import HeadMaintainer, MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import Revision, RevisionError, RevisionMap
from alembic.util import CommandError

doing_nothing = SimpleNamespace(upgrade=lambda: None, downgrade=lambda: None)


class InMemory(Revision):
    module = doing_nothing
    doc = ""

    def cmd_format(self, *_, **__):
        return self.revision

    @property
    def log_entry(self):
        return self.revision


class WrittenOrder(RevisionMap):
    """Alembic keeps reduced dependencies in a set of strings, whose order changes from run to run; here it is that of the file."""

    def _normalize_depends_on(self, revisions, map_):
        super()._normalize_depends_on(revisions, map_)
        for one in revisions:
            kept = one._normalized_resolved_dependencies
            one._normalized_resolved_dependencies = tuple(
                dict.fromkeys(name for name in one._resolved_dependencies if name in kept)
            )


class Script(ScriptDirectory):
    rows = ()

    def run_env(self):
        options = context._proxy.context_opts
        if options.get("as_sql"):
            given = {key: options.get(key) for key in ("as_sql", "starting_rev")}
            made = MigrationContext.configure(dialect_name="postgresql", opts={**given, "script": self})
            self.rows = made.get_current_heads()
        table = sqlalchemy.table("alembic_version", sqlalchemy.column("version_num"))
        connection = SimpleNamespace(impl=SimpleNamespace(_exec=lambda _: None), _version=table, as_sql=True)
        maintainer = HeadMaintainer(connection, self.rows)
        self.steps = []
        for step in options["fn"](tuple(self.rows), None):
            maintainer.update_to_step(step)
            self.steps.append({"id": step.revision.revision if hasattr(step, "revision") else None, "rows": sorted(maintainer.heads)})
        self.rows = sorted(maintainer.heads)


script = Script(".")
ScriptDirectory.from_config = classmethod(lambda cls, config: script)


def told(run, *given, **options):
    output = io.StringIO()
    run(Config(stdout=output), *given, **options)
    return output.getvalue().split()


def plan(run, target, **options):
    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        told(run, target, **options)
    return {"steps": script.steps, "rows": script.rows, "warns": any("ambiguous" in str(one.message) for one in raised)}


def stamp(targets):
    told(command.stamp, targets)
    return script.rows


def one(text):
    found = script.get_revision(text)
    return found and found.revision


def labels():
    return {one.revision: sorted(one.branch_labels) for one in script.revision_map._revision_map.values() if one}


questions = {
    "heads": lambda: script.get_heads(),
    "bases": lambda: script.get_bases(),
    "effective": lambda: script.get_heads(consider_depends_on=True),
    "labels": labels,
    "show": lambda text: told(command.show, text),
    "one": one,
    "history": lambda range: told(command.history, range),
    "current": lambda: sorted(told(command.current)),
    "upgrade": lambda target: plan(command.upgrade, target),
    "downgrade": lambda target: plan(command.downgrade, target),
    "upgrade --sql": lambda range: plan(command.upgrade, range, sql=True),
    "downgrade --sql": lambda range: plan(command.downgrade, range, sql=True),
    "stamp": stamp,
}


def kind(error):
    cause = error.__cause__ if isinstance(error, CommandError) and error.__cause__ else error
    return type(cause).__name__ if isinstance(cause, (RevisionError, CommandError)) else "AlembicFails"


def refused(revisions):
    script.revision_map = WrittenOrder(
        lambda: [InMemory(r["id"], tuple(r["down"]), tuple(r["dependsOn"]) or None, tuple(r["labels"])) for r in revisions]
    )
    try:
        script.revision_map._revision_map
    except KeyError:
        return "MissingRevision"
    except RevisionError as error:
        # A branch label as parent: sometimes a KeyError, sometimes this.
        return "MissingRevision" if "broken map" in str(error) else kind(error)


def ask(rows, name, *given):
    script.rows = rows
    try:
        return {"value": questions[name](*given)}
    except Exception as error:
        return {"error": kind(error)}


for line in sys.stdin:
    asked = json.loads(line)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        error = refused(asked["revisions"])
        answers = [{"error": error} if error else ask(*question) for question in asked["questions"]]
    print(json.dumps(answers), flush=True)
