"""Reads a JSON list of {dialect, code}; prints for each the SQL that the real Alembic writes offline, or its error."""
import enum
import io
import json
import sys
import warnings

warnings.simplefilter("ignore")

import sqlalchemy as sa
from alembic import op
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite


def written(dialect, code):
    out = io.StringIO()
    context = MigrationContext.configure(dialect_name=dialect, opts={"as_sql": True, "output_buffer": out})
    names = {
        "enum": enum,
        "mssql": mssql,
        "mysql": mysql,
        "op": op,
        "oracle": oracle,
        "postgresql": postgresql,
        "sa": sa,
        "sqlite": sqlite,
    }
    with Operations.context(context):
        try:
            exec(code, names)
        except Exception as error:
            return {"error": f"{type(error).__name__}: {error}"}
    return {"sql": out.getvalue()}


sys.stdin.reconfigure(encoding="utf-8")
json.dump([written(**question) for question in json.load(sys.stdin)], sys.stdout)
