"""Runs Alembic commands that come as JSON lines on stdin, and answers each with a JSON line on stdout.

One process for a whole test file: starting Python and importing SQLAlchemy costs more than most migrations do.
"""

import io
import json
import logging
import os
import sys
import traceback

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

answers = sys.stdout
sys.stdout = sys.stderr


engines = {}


def pooled_engine(url):
    """A connection that is kept, and handed out as new: to connect costs more than most migrations do."""
    if url not in engines:
        from sqlalchemy import create_engine, event

        engine = create_engine(url, pool_size=1, connect_args={"prepare_threshold": None})

        @event.listens_for(engine, "checkin")
        def clean(connection, record):
            if connection is not None:
                connection.rollback()
                connection.autocommit = True
                connection.execute("DISCARD ALL")
                connection.autocommit = False

        engines[url] = engine
    return engines[url]


def carry_out(request):
    output = io.StringIO()
    config = Config(request["config"], stdout=output, output_buffer=output)
    for name, value in request.get("options", {}).items():
        config.set_main_option(name, value.replace("%", "%%"))
    if request.get("pooled"):
        config.attributes["engine"] = pooled_engine(config.get_main_option("sqlalchemy.url"))
    name, revision = request["command"], request.get("revision")
    if name == "upgrade":
        command.upgrade(config, revision, sql=request.get("sql", False))
    elif name == "downgrade":
        command.downgrade(config, revision, sql=request.get("sql", False))
    elif name == "heads":
        return ScriptDirectory.from_config(config).get_heads()
    elif name == "history":
        walk = ScriptDirectory.from_config(config).walk_revisions()
        return [script.revision for script in walk]
    else:
        raise ValueError(name)
    return output.getvalue()


def forget_project(config):
    """Another project may have modules of the same names."""
    folder = os.path.dirname(os.path.abspath(config)) + os.sep
    for name, module in list(sys.modules.items()):
        # Not by the attribute: a module that loads itself lazily would now do so.
        if str(getattr(module, "__dict__", {}).get("__file__")).startswith(folder):
            del sys.modules[name]
    sys.path[:] = [entry for entry in sys.path if str(entry) + os.sep != folder]


logging.disable(logging.CRITICAL)
for line in sys.stdin:
    request = json.loads(line)
    try:
        try:
            answer = {"ok": True, "result": carry_out(request)}
        finally:
            forget_project(request["config"])
    except BaseException as error:
        answer = {"ok": False, "error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()}
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
