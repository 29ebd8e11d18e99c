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
