-- What making and keeping variants costs. SQLite 3.42+.

-- What nodes have spent, by the minute (its first millisecond) and the scope. Kept for some hours.
CREATE TABLE hfsm_cost (
  at       integer NOT NULL,
  scope    text NOT NULL,
  nanos    integer NOT NULL,
  variants integer NOT NULL,
  bytes    integer NOT NULL,
  PRIMARY KEY (at, scope)
) STRICT, WITHOUT ROWID;
--;;
-- What the READY variants of a scope took when they were measured.
CREATE TABLE hfsm_stored (
  scope text PRIMARY KEY,
  bytes integer NOT NULL
) STRICT, WITHOUT ROWID;
--;;
CREATE TABLE hfsm_measured (
  one integer PRIMARY KEY CHECK (one = 1),
  at  integer NOT NULL
) STRICT;
