-- The ledger's first schema, SQLite 3.42+.
-- Every time is an INTEGER of milliseconds since 1970 on the database's clock, so that no session's
-- time zone matters. Text compares by its bytes, as keys and digests do in Java.
-- Lines of "--;;" end a statement. Never edit this file once released: add the next number.

-- Fences, and places in the order of burials: one row, which only grows.
CREATE TABLE hfsm_fence (
  one   integer PRIMARY KEY CHECK (one = 1),
  value integer NOT NULL
) STRICT;
--;;
INSERT INTO hfsm_fence (one, value) VALUES (1, 0);
--;;
CREATE TABLE hfsm_asset (
  seq         integer PRIMARY KEY,
  scope       text NOT NULL,
  digest      text NOT NULL,
  size        integer NOT NULL CHECK (size >= 0),
  storage_key text NOT NULL,
  state       text NOT NULL,
  facts       text NOT NULL,
  pixels      text,           -- the pixel digest out of the facts, to look it up
  uploads     integer NOT NULL CHECK (uploads >= 1),
  revived_by  integer NOT NULL DEFAULT 0,  -- number of the upload that started inspection again last
  admitted_at integer NOT NULL,
  changed_at  integer NOT NULL,            -- from here on: the last change of state, as the
  event       text NOT NULL,              -- trigger below copies it into the history
  detail      text,
  worker      text,
  attempt     integer NOT NULL,
  UNIQUE (scope, digest)
) STRICT;
--;;
CREATE UNIQUE INDEX hfsm_asset_key ON hfsm_asset (storage_key);
--;;
CREATE INDEX hfsm_asset_pixels ON hfsm_asset (scope, pixels, admitted_at, seq)
  WHERE pixels IS NOT NULL;
--;;
CREATE TABLE hfsm_reference (
  scope  text NOT NULL,
  name   text NOT NULL,
  digest text NOT NULL,
  since  integer NOT NULL,
  PRIMARY KEY (scope, name)
) STRICT, WITHOUT ROWID;
--;;
CREATE INDEX hfsm_reference_asset ON hfsm_reference (scope, digest);
--;;
-- Assets that lost a reference, and when they lost the last one so far: what a collection looks at.
-- A row here says nothing about references that are left.
CREATE TABLE hfsm_released (
  scope  text NOT NULL,
  digest text NOT NULL,
  at     integer NOT NULL,
  PRIMARY KEY (scope, digest)
) STRICT, WITHOUT ROWID;
--;;
CREATE INDEX hfsm_released_at ON hfsm_released (at);
--;;
CREATE TABLE hfsm_variant (
  scope             text NOT NULL,
  digest            text NOT NULL,
  variant           text NOT NULL,
  transformation    text NOT NULL,
  transformer       text NOT NULL,
  state             text NOT NULL CHECK (state IN ('REQUESTED', 'READY', 'FAILED')),
  requested_at      integer NOT NULL,
  storage_key       text,
  content_digest    text,
  content_size      integer,
  media_type        text,
  width             integer,
  height            integer,
  cost_nanos        integer,
  failure_code      text,
  failure_message   text,
  failure_retryable integer,
  failure_at        integer,
  retry_after       integer,
  PRIMARY KEY (scope, digest, variant),
  CHECK ((state = 'READY') = (storage_key IS NOT NULL)),
  CHECK ((state = 'FAILED') = (failure_code IS NOT NULL))
) STRICT;
--;;
CREATE UNIQUE INDEX hfsm_variant_key ON hfsm_variant (storage_key) WHERE storage_key IS NOT NULL;
--;;
CREATE TABLE hfsm_work (
  scope             text NOT NULL,
  digest            text NOT NULL,
  kind              text NOT NULL CHECK (kind IN ('INSPECT', 'DERIVE')),
  variant           text NOT NULL,  -- '' for an inspection
  priority          integer NOT NULL,
  due_at            integer NOT NULL,
  attempts          integer NOT NULL CHECK (attempts >= 0),
  fence             integer NOT NULL DEFAULT 0,  -- number of the last grant, or of the burial
  worker            text,
  leased_until      integer,
  failure_code      text,
  failure_message   text,
  failure_retryable integer,
  failure_at        integer,
  dead_at           integer,
  PRIMARY KEY (scope, digest, kind, variant),
  CHECK ((kind = 'INSPECT') = (variant = '')),
  CHECK ((worker IS NULL) = (leased_until IS NULL)),
  CHECK (dead_at IS NULL OR leased_until IS NULL)
) STRICT;
--;;
CREATE INDEX hfsm_work_due ON hfsm_work (priority DESC, due_at)
  WHERE leased_until IS NULL AND dead_at IS NULL;
--;;
CREATE INDEX hfsm_work_leased ON hfsm_work (leased_until) WHERE leased_until IS NOT NULL;
--;;
CREATE INDEX hfsm_work_dead ON hfsm_work (fence) WHERE dead_at IS NOT NULL;
--;;
-- Outlives the asset, hence no foreign key.
CREATE TABLE hfsm_history (
  seq        integer PRIMARY KEY,
  scope      text NOT NULL,
  digest     text NOT NULL,
  from_state text,
  to_state   text NOT NULL,
  event      text NOT NULL,
  detail     text,
  worker     text,
  attempt    integer NOT NULL,
  at         integer NOT NULL,
  -- The (from, to) pairs of dev.hfsm.model.StateMachine.TABLE; a test compares the two.
  CONSTRAINT hfsm_history_legal CHECK (coalesce(from_state, '') || '>' || to_state IN (
    '>INGESTED',
    'INGESTED>DEDUP_CHECK',
    'DEDUP_CHECK>METADATA_READY',
    'METADATA_READY>VARIANTS_READY',
    'INGESTED>REJECTED',
    'DEDUP_CHECK>REJECTED',
    'INGESTED>FAILED',
    'DEDUP_CHECK>FAILED',
    'REJECTED>INGESTED',
    'FAILED>INGESTED'))
) STRICT;
--;;
CREATE INDEX hfsm_history_asset ON hfsm_history (scope, digest, seq);
--;;
CREATE TABLE hfsm_garbage (
  storage_key text PRIMARY KEY,
  at          integer NOT NULL
) STRICT;
--;;
CREATE INDEX hfsm_garbage_at ON hfsm_garbage (at, storage_key);
--;;
CREATE TABLE hfsm_chore (
  name         text PRIMARY KEY,
  worker       text NOT NULL,
  leased_until integer NOT NULL
) STRICT;
--;;
-- No change of state escapes the history, and none that is not in the table of states happens.
CREATE TRIGGER hfsm_asset_admitted AFTER INSERT ON hfsm_asset
BEGIN
  INSERT INTO hfsm_history
    (scope, digest, from_state, to_state, event, detail, worker, attempt, at)
  VALUES
    (NEW.scope, NEW.digest, NULL, NEW.state, NEW.event, NEW.detail, NEW.worker, NEW.attempt,
     NEW.changed_at);
END;
--;;
CREATE TRIGGER hfsm_asset_changed AFTER UPDATE OF state ON hfsm_asset
WHEN OLD.state <> NEW.state
BEGIN
  INSERT INTO hfsm_history
    (scope, digest, from_state, to_state, event, detail, worker, attempt, at)
  VALUES
    (NEW.scope, NEW.digest, OLD.state, NEW.state, NEW.event, NEW.detail, NEW.worker, NEW.attempt,
     NEW.changed_at);
END;
--;;
-- A key that its asset no longer names is nobody's to name any more.
CREATE TRIGGER hfsm_key_replaced AFTER UPDATE OF storage_key ON hfsm_asset
WHEN OLD.storage_key <> NEW.storage_key
BEGIN
  INSERT INTO hfsm_garbage (storage_key, at)
  VALUES (OLD.storage_key, CAST(round(unixepoch('subsec') * 1000) AS integer));
END;
--;;
CREATE TRIGGER hfsm_history_no_update BEFORE UPDATE ON hfsm_history
BEGIN
  SELECT raise(ABORT, 'hfsm_history is append-only: UPDATE refused');
END;
--;;
CREATE TRIGGER hfsm_history_no_delete BEFORE DELETE ON hfsm_history
BEGIN
  SELECT raise(ABORT, 'hfsm_history is append-only: DELETE refused');
END;
--;;
-- Whatever takes a reference away from an asset starts the asset's grace.
CREATE TRIGGER hfsm_reference_released AFTER DELETE ON hfsm_reference
BEGIN
  INSERT INTO hfsm_released (scope, digest, at)
  VALUES (OLD.scope, OLD.digest, CAST(round(unixepoch('subsec') * 1000) AS integer))
  ON CONFLICT (scope, digest) DO UPDATE SET at = excluded.at;
END;
--;;
CREATE TRIGGER hfsm_reference_moved AFTER UPDATE OF digest ON hfsm_reference
WHEN OLD.digest <> NEW.digest
BEGIN
  INSERT INTO hfsm_released (scope, digest, at)
  VALUES (OLD.scope, OLD.digest, CAST(round(unixepoch('subsec') * 1000) AS integer))
  ON CONFLICT (scope, digest) DO UPDATE SET at = excluded.at;
END;
