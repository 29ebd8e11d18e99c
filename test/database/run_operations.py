"""Runs lists of statements in Alembic's terms, one JSON line each, in a database made empty before.

Each statement has its own savepoint: one that the server refuses is told, and the others go on.
"""

import json
import sys

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.dialects import postgresql

answers = sys.stdout
sys.stdout = sys.stderr
engines = {}


def run(url, statements):
    engine = engines.setdefault(url, sa.create_engine(url))
    refused = []
    with engine.begin() as connection:
        connection.exec_driver_sql("SET client_min_messages = error")
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
        operations = Operations(MigrationContext.configure(connection))
        names = {"op": operations, "sa": sa, "postgresql": postgresql}
        for statement in statements:
            try:
                with connection.begin_nested():
                    exec(statement, dict(names))
                refused.append(None)
            except Exception as error:
                refused.append(f"{type(error).__name__}: {error}".splitlines()[0])
    return refused


for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"ok": True, "result": run(request["url"], request["statements"])}
    except BaseException as error:
        answer = {"ok": False, "error": f"{type(error).__name__}: {error}", "trace": ""}
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
