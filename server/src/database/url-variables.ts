/** Variables that projects use for the whole URL, in the order in which they are asked. Listed in the settings' description. */
export const urlVariables = [
  "DATABASE_URL",
  "SQLALCHEMY_DATABASE_URL",
  "SQLALCHEMY_DATABASE_URI",
  "ALEMBIC_DATABASE_URL",
  "DB_URL",
  "POSTGRES_URL",
] as const;
