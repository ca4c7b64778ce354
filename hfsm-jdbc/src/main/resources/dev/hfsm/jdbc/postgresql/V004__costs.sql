-- What making and keeping variants costs. PostgreSQL 15+.

-- What nodes have spent, by the minute (its first millisecond) and the scope. Written often, kept for
-- some hours.
CREATE TABLE hfsm_cost (
  at       bigint NOT NULL,
  scope    text COLLATE "C" NOT NULL,
  nanos    bigint NOT NULL,
  variants bigint NOT NULL,
  bytes    bigint NOT NULL,
  PRIMARY KEY (at, scope)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);
--;;
-- What the READY variants of a scope took when they were measured.
CREATE TABLE hfsm_stored (
  scope text COLLATE "C" PRIMARY KEY,
  bytes bigint NOT NULL
);
--;;
CREATE TABLE hfsm_measured (
  one integer PRIMARY KEY CHECK (one = 1),
  at  bigint NOT NULL
);
