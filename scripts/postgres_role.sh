# Runs once, when the container of compose.yaml makes its database: the service's own role, which is no superuser,
# because row-level security binds none (docs/row-level-security.md).
psql --no-psqlrc -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres -v password="$(cat /run/secrets/postgres_password)" <<'SQL'
CREATE ROLE yanlu LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE yanlu OWNER yanlu;
SQL
