/** A revision that is made from nothing: as `alembic revision` would write it, by the project's own template. */
import type { RevisionFile } from "../model/revision.ts";
import { newFilePath, newRevisionId } from "../project/naming.ts";
import { renderRevision } from "../project/revision-template.ts";
import type { Project } from "../project/snapshot.ts";
import { newestMoment } from "./place.ts";
import { Refused } from "./refused.ts";

export interface NewRevisionFile {
  readonly path: string;
  readonly revision: string;
  readonly text: string;
}

/** The template that `alembic init` gives a project. */
const generic = `"""\${message}

Revision ID: \${up_revision}
Revises: \${down_revision | comma,n}
Create Date: \${create_date}

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa
\${imports if imports else ""}

# revision identifiers, used by Alembic.
revision: str = \${repr(up_revision)}
down_revision: Union[str, Sequence[str], None] = \${repr(down_revision)}
branch_labels: Union[str, Sequence[str], None] = \${repr(branch_labels)}
depends_on: Union[str, Sequence[str], None] = \${repr(depends_on)}


def upgrade() -> None:
    """Upgrade schema."""
    \${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Downgrade schema."""
    \${downgrades if downgrades else "pass"}
`;

/** Beside `origin`. @throws Refused where the project's template cannot be followed */
export function newRevisionFile(
  project: Project,
  origin: RevisionFile,
  { message, parents }: { readonly message: string; readonly parents: readonly string[] },
): NewRevisionFile {
  const { template, databases } = project.config;
  const revision = newRevisionId(project.history, message, 0);
  const createDate = newestMoment(project);
  const rendered = renderRevision(template?.text ?? generic, {
    revision,
    message,
    parents,
    branchLabels: [],
    dependsOn: [],
    createDate,
    databases,
  });
  if ("cause" in rendered) throw new Refused(`The template of new revisions cannot be filled in: ${rendered.cause}.`);
  const path = newFilePath(project, origin, { revision, message, createDate });
  return { path, revision, text: rendered.value.replaceAll(/\r\n|\r|\n/g, origin.newline) };
}
