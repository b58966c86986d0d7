-- The service's own role and database, once, on the primary. PgBouncer 1.18 passes no options on, so that what the
-- service otherwise asks for on connecting is given to the role. synchronous_commit can't be loosened below by mistake.
CREATE ROLE yanlu LOGIN PASSWORD :'password';
ALTER ROLE yanlu SET timezone = 'UTC';
ALTER ROLE yanlu SET statement_timeout = '5s';
ALTER ROLE yanlu SET lock_timeout = '2s';
ALTER ROLE yanlu SET synchronous_commit = 'on';
CREATE DATABASE yanlu OWNER yanlu;
