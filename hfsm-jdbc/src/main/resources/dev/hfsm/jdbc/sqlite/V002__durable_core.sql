-- Custody (holds, damage), worth of variants, pauses, memory of chores, the ledger's name, and the
-- indexes that keep every look at a queue as short as what it returns. SQLite 3.42+.

ALTER TABLE hfsm_asset ADD COLUMN hold text;
--;;
ALTER TABLE hfsm_asset ADD COLUMN damage_code text;
--;;
ALTER TABLE hfsm_asset ADD COLUMN damage_message text;
--;;
ALTER TABLE hfsm_asset ADD COLUMN damage_retryable integer;
--;;
ALTER TABLE hfsm_asset ADD COLUMN damage_at integer;
--;;
-- Number of the upload that healed it last.
ALTER TABLE hfsm_asset ADD COLUMN healed_by integer NOT NULL DEFAULT 0;
--;;
ALTER TABLE hfsm_variant ADD COLUMN uses integer NOT NULL DEFAULT 0;
--;;
ALTER TABLE hfsm_variant ADD COLUMN used_at integer NOT NULL DEFAULT 0;
--;;
-- What keeping a variant saves, in nanoseconds per byte.
ALTER TABLE hfsm_variant ADD COLUMN worth real GENERATED ALWAYS AS
  (CAST(uses AS real) * CAST(cost_nanos AS real) / CAST(max(content_size, 1) AS real)) VIRTUAL;
--;;
-- What was made before uses were counted counts as used once, when it was asked for.
UPDATE hfsm_variant SET uses = 1, used_at = requested_at WHERE state = 'READY';
--;;
-- Holds all that an eviction asks for, so that it reads no table.
CREATE INDEX hfsm_variant_worth ON hfsm_variant (worth, storage_key, used_at, content_size)
  WHERE state = 'READY';
--;;
-- A suspect's last attempt ended with its worker.
ALTER TABLE hfsm_work ADD COLUMN suspect integer GENERATED ALWAYS AS
  (coalesce(failure_code, '') = 'worker-lost') VIRTUAL;
--;;
DROP INDEX hfsm_work_due;
--;;
-- A claim enters this once for each priority, and reads only what is due and of a kind it wants.
CREATE INDEX hfsm_work_ready ON hfsm_work (kind, suspect, priority DESC, due_at)
  WHERE leased_until IS NULL AND dead_at IS NULL;
--;;
DROP INDEX hfsm_released_at;
--;;
CREATE INDEX hfsm_released_order ON hfsm_released (at, scope, digest);
--;;
CREATE TABLE hfsm_pause (
  kind text PRIMARY KEY CHECK (kind IN ('INSPECT', 'DERIVE')),
  at   integer NOT NULL
) STRICT, WITHOUT ROWID;
--;;
ALTER TABLE hfsm_chore ADD COLUMN progress text NOT NULL DEFAULT '';
--;;
CREATE TABLE hfsm_ledger (
  one integer PRIMARY KEY CHECK (one = 1),
  id  text NOT NULL
) STRICT;
--;;
INSERT INTO hfsm_ledger (one, id) VALUES (1, lower(hex(randomblob(16))));
--;;
DROP TRIGGER hfsm_key_replaced;
--;;
-- As before, but content with a key that is garbage already.
CREATE TRIGGER hfsm_key_replaced AFTER UPDATE OF storage_key ON hfsm_asset
WHEN OLD.storage_key <> NEW.storage_key
BEGIN
  INSERT INTO hfsm_garbage (storage_key, at)
  VALUES (OLD.storage_key, CAST(round(unixepoch('subsec') * 1000) AS integer))
  ON CONFLICT (storage_key) DO NOTHING;
END;
