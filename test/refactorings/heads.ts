/** Histories with several heads. */

/** A revision with its own identifiers: fixtures else follow the member above. */
export const revision = (id: string, parents: string, body = "pass", more = ""): string =>
  `-- versions/${id}_x.py --\n"""x\n\nRevision ID: ${id}\nRevises: ${parents.replaceAll(/["()]/g, "")}\n"""\nfrom alembic import op\nimport sqlalchemy as sa\n\nrevision = "${id}"\ndown_revision = ${parents}\n${more}\n\ndef upgrade():\n    ${body}\n\n\ndef downgrade():\n    pass\n`;

/** The cursor at what it follows. */
export const here = (text: string): string => text.replace("down_revision = ", "down_revision = <|>");
