-- Custody (holds, damage), worth of variants, pauses, memory of chores, the ledger's name, and the
-- indexes that keep every look at a queue as short as what it returns. PostgreSQL 15+.

ALTER TABLE hfsm_asset
  ADD COLUMN hold             text,
  ADD COLUMN damage_code      text,
  ADD COLUMN damage_message   text,
  ADD COLUMN damage_retryable boolean,
  ADD COLUMN damage_at        bigint,
  ADD COLUMN healed_by        bigint NOT NULL DEFAULT 0;  -- number of the upload that healed it last
--;;
-- worth is what keeping a variant saves, in nanoseconds per byte.
ALTER TABLE hfsm_variant
  ADD COLUMN uses    bigint NOT NULL DEFAULT 0,
  ADD COLUMN used_at bigint NOT NULL DEFAULT 0,
  ADD COLUMN worth   double precision GENERATED ALWAYS AS
    (uses::double precision * cost_nanos::double precision
      / greatest(content_size, 1)::double precision) STORED;
--;;
-- What was made before uses were counted counts as used once, when it was asked for.
UPDATE hfsm_variant SET uses = 1, used_at = requested_at WHERE state = 'READY';
--;;
-- Every publication writes an entry, an eviction reads some of them now and then: so a number stands
-- for the key in the order of those of equal worth.
CREATE INDEX hfsm_variant_worth ON hfsm_variant (worth, hashtextextended(storage_key, 0))
  WHERE state = 'READY';
--;;
-- Room on the page for the next version of a row: a change of state then touches no index.
ALTER TABLE hfsm_asset SET (fillfactor = 80);
--;;
-- One index for one entry: nobody asks for an entry by its number alone.
ALTER TABLE hfsm_history DROP CONSTRAINT hfsm_history_pkey;
--;;
DROP INDEX hfsm_history_asset;
--;;
ALTER TABLE hfsm_history ADD PRIMARY KEY (scope, digest, seq);
--;;
-- A suspect's last attempt ended with its worker.
ALTER TABLE hfsm_work
  ADD COLUMN suspect boolean NOT NULL GENERATED ALWAYS AS
    (coalesce(failure_code, '') = 'worker-lost') STORED;
--;;
DROP INDEX hfsm_work_due;
--;;
-- A claim enters this once for each priority, and reads only what is due and of a kind it wants.
CREATE INDEX hfsm_work_ready ON hfsm_work (kind, suspect, priority DESC, due_at)
  WHERE leased_until IS NULL AND dead_at IS NULL;
--;;
-- A queue's rows come and go: what was known of them is soon wrong.
ALTER TABLE hfsm_work SET (
  fillfactor = 80,
  autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
--;;
DROP INDEX hfsm_released_at;
--;;
CREATE INDEX hfsm_released_order ON hfsm_released (at, scope, digest);
--;;
CREATE TABLE hfsm_pause (
  kind text COLLATE "C" PRIMARY KEY CHECK (kind IN ('INSPECT', 'DERIVE')),
  at   bigint NOT NULL
);
--;;
ALTER TABLE hfsm_chore ADD COLUMN progress text NOT NULL DEFAULT '';
--;;
CREATE TABLE hfsm_ledger (
  one integer PRIMARY KEY CHECK (one = 1),
  id  text NOT NULL
);
--;;
INSERT INTO hfsm_ledger (one, id) VALUES (1, gen_random_uuid()::text);
--;;
-- The history is written for a statement and not for a row: one insertion for a batch. A trigger
-- that sees the rows of its statement cannot name columns, so it looks for the states that differ.
DROP TRIGGER hfsm_asset_admitted ON hfsm_asset;
--;;
DROP TRIGGER hfsm_asset_changed ON hfsm_asset;
--;;
DROP FUNCTION hfsm_asset_changed();
--;;
CREATE FUNCTION hfsm_asset_admitted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO hfsm_history
    (scope, digest, from_state, to_state, event, detail, worker, attempt, at)
  SELECT scope, digest, NULL, state, event, detail, worker, attempt, changed_at
  FROM later;
  RETURN NULL;
END
$$;
--;;
CREATE FUNCTION hfsm_asset_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO hfsm_history
    (scope, digest, from_state, to_state, event, detail, worker, attempt, at)
  SELECT l.scope, l.digest, e.state, l.state, l.event, l.detail, l.worker, l.attempt, l.changed_at
  FROM later AS l JOIN earlier AS e ON e.seq = l.seq
  WHERE e.state <> l.state;
  RETURN NULL;
END
$$;
--;;
CREATE TRIGGER hfsm_asset_admitted AFTER INSERT ON hfsm_asset
  REFERENCING NEW TABLE AS later
  FOR EACH STATEMENT EXECUTE FUNCTION hfsm_asset_admitted();
--;;
CREATE TRIGGER hfsm_asset_changed AFTER UPDATE ON hfsm_asset
  REFERENCING OLD TABLE AS earlier NEW TABLE AS later
  FOR EACH STATEMENT EXECUTE FUNCTION hfsm_asset_changed();
--;;
-- As before, but content with a key that is garbage already.
CREATE OR REPLACE FUNCTION hfsm_key_replaced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO hfsm_garbage (storage_key, at)
  VALUES (OLD.storage_key, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint)
  ON CONFLICT (storage_key) DO NOTHING;
  RETURN NULL;
END
$$;
--;;
-- The same pairs as before in one constant: a list of constants is read anew by every statement,
-- which took a third of the time of an entry.
ALTER TABLE hfsm_history
  DROP CONSTRAINT hfsm_history_legal,
  ADD CONSTRAINT hfsm_history_legal CHECK (coalesce(from_state, '') || '>' || to_state = ANY
    ('{>INGESTED,INGESTED>DEDUP_CHECK,DEDUP_CHECK>METADATA_READY,METADATA_READY>VARIANTS_READY,INGESTED>REJECTED,DEDUP_CHECK>REJECTED,INGESTED>FAILED,DEDUP_CHECK>FAILED,REJECTED>INGESTED,FAILED>INGESTED}'::text[]));
