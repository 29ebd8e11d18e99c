"""Runs Alembic commands that come as JSON lines on stdin, and answers each with a JSON line on stdout.

One process for a whole test file: starting Python and importing SQLAlchemy costs more than most migrations do.
"""

import io
import json
import logging
import sys
import traceback

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

answers = sys.stdout
sys.stdout = sys.stderr


def carry_out(request):
    output = io.StringIO()
    config = Config(request["config"], stdout=output, output_buffer=output)
    for name, value in request.get("options", {}).items():
        config.set_main_option(name, value.replace("%", "%%"))
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


logging.disable(logging.CRITICAL)
for line in sys.stdin:
    try:
        answer = {"ok": True, "result": carry_out(json.loads(line))}
    except BaseException as error:
        answer = {"ok": False, "error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()}
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
