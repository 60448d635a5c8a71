-- What River left behind on PostgreSQL beside its tables.

DROP FUNCTION IF EXISTS river_job_state_in_bitmask;
DROP FUNCTION IF EXISTS river_job_notify CASCADE;
DROP TYPE IF EXISTS river_job_state;
