/** Packages of PyPI that bring their Alembic revisions along; pinned, so that two runs compare. */
export const packages: Readonly<Record<string, string>> = {
  "apache-airflow-core": "3.3.2",
  "apache-superset": "6.1.0",
  "arize-phoenix": "20.26.1",
  dagster: "1.13.28",
  "galaxy-data": "26.1.2",
  "langflow-base": "1.13.0",
  mlflow: "3.18.0",
  neutron: "29.0.0",
  "open-webui": "0.12.4",
  optuna: "5.0.0",
  prefect: "3.9.1",
};

/** More of them, for a look beyond: fetched only where `--extended` asks for them. */
export const extendedPackages: Readonly<Record<string, string>> = {
  "aiida-core": "2.9.4",
  "argilla-server": "2.8.0",
  buildbot: "4.3.0",
  ckan: "2.12.0",
  "ethyca-fides": "2.86.2",
  faradaysec: "5.25.2",
  indico: "3.3.14",
  ironic: "39.0.0",
  lemur: "1.9.3",
  manila: "23.0.1",
  octavia: "19.0.0",
  pgadmin4: "9.18",
  rucio: "41.5.1",
  zenml: "0.98.0",
};
