export const usage = `Retort tells whether an Alembic migration is safe, and makes the safe one.

Usage: retort COMMAND [ARGUMENTS]

  check [PATH…]      Check revision files. A folder: every Alembic project beneath it, or its revision files.
                     Without a PATH: the working directory.
      --format pretty|json|sarif|github|gitlab|junit|markdown    default: pretty
      --output FILE                                 write the answer there instead of printing it
      --dialect ${"postgresql|mysql|mariadb|sqlite|mssql|oracle"}    default: read from the project
      --fail-on error|warning|information|never     severity from which findings make it exit with 1; default: error
      --since REVISION                              judge what comes after it in the history, as Alembic names it
      --changed[=COMMIT]                            judge what is new or edited since COMMIT; default: git's default branch
      --all                                         judge everything, whatever the settings have for a baseline
      --no-cache                                    read and check all files again, and keep nothing for the next run
  split FILE         Show the revisions that FILE, which mixes schema and data, should be.
      --diff                                        the same as a unified diff
      --write                                       make the files; never overwrites one
      --published                                   write also a revision that is on git's default branch already, or
                                                    has run on the database
      --database URL                                ask this database what has run there; config: that of sqlalchemy.url
      --dialect …                                   as above
  refactor REFACTORING FILE[:LINE]
                     Show what a refactoring makes of what stands on LINE, or of all of FILE.
      --diff, --write, --published, --database URL, --dialect …
                                                    as above
  fix [PATH…]        List the repairs that change nothing of what a migration does, or without which it could not run.
      --rule RULE                                   only of this rule; may be given several times
      --diff, --write, --dialect …                  as above
  inspect FILE       Print what FILE does, as JSON: its operations with their tables, places and phases.
      --format json
      --dialect …
  schema [REVISION]  Print the schema at REVISION as PostgreSQL's statements, from the files alone; default: heads.
                     A..B: how the schema at B differs from that at A.
      --format sql|json                             default: sql
      --project FOLDER                              where the project is; default: the working directory
      --dialect …                                   as above
  review [PATH…]     Answer the checklist before a deployment for revision files, with facts; default: those at the heads.
      --since REVISION, --changed[=COMMIT]          as above: the revisions that are new
      --format pretty|markdown                      default: pretty
      --dialect …                                   as above
  stats              Print how large the tables of a PostgreSQL database are: retort.stats.json, for hovers and findings.
      --database URL                                default: DATABASE_URL, or another variable that projects use
      --output FILE                                 write FILE, or replace it once all has been read
  explain RULE       Tell what a rule finds, why, and what to do instead.
  lsp --stdio        Run as a language server.

  --help, --version

Lines and characters in JSON count from 0, characters in UTF-16 code units, ends exclusive.
Exit: 0 clean, 1 findings at or above --fail-on, 2 wrong use or input that cannot be read.
`;
