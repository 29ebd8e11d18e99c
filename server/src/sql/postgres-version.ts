/** Major versions of PostgreSQL that are told apart: those that are supported by its project, and the one before. */
export const postgresVersions = [13, 14, 15, 16, 17, 18] as const;
export type PostgresVersion = (typeof postgresVersions)[number];
