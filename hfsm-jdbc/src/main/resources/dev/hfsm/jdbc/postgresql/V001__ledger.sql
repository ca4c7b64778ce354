-- The ledger's first schema, PostgreSQL 15+.
-- Every time is a BIGINT of milliseconds since 1970 on the database's clock, so that no session's
-- time zone matters. Keys and digests sort by their bytes (COLLATE "C"), as they do in Java.
-- Lines of "--;;" end a statement. Never edit this file once released: add the next number.

-- Fences, and places in the order of burials. A sequence never goes back, not even on rollback.
CREATE SEQUENCE hfsm_fence AS bigint;
--;;
CREATE TABLE hfsm_asset (
  seq         bigint GENERATED ALWAYS AS IDENTITY,
  scope       text COLLATE "C" NOT NULL,
  digest      text COLLATE "C" NOT NULL,
  size        bigint NOT NULL CHECK (size >= 0),
  storage_key text COLLATE "C" NOT NULL,
  state       text NOT NULL,
  facts       text NOT NULL,
  pixels      text COLLATE "C",           -- the pixel digest out of the facts, to look it up
  uploads     bigint NOT NULL CHECK (uploads >= 1),
  revived_by  bigint NOT NULL DEFAULT 0,  -- number of the upload that started inspection again last
  admitted_at bigint NOT NULL,
  changed_at  bigint NOT NULL,            -- from here on: the last change of state, as the
  event       text NOT NULL,              -- trigger below copies it into the history
  detail      text,
  worker      text,
  attempt     integer NOT NULL,
  PRIMARY KEY (scope, digest)
);
--;;
CREATE UNIQUE INDEX hfsm_asset_key ON hfsm_asset (storage_key);
--;;
CREATE INDEX hfsm_asset_pixels ON hfsm_asset (scope, pixels, admitted_at, seq)
  WHERE pixels IS NOT NULL;
--;;
CREATE TABLE hfsm_reference (
  scope  text COLLATE "C" NOT NULL,
  name   text COLLATE "C" NOT NULL,
  digest text COLLATE "C" NOT NULL,
  since  bigint NOT NULL,
  PRIMARY KEY (scope, name)
);
--;;
CREATE INDEX hfsm_reference_asset ON hfsm_reference (scope, digest);
--;;
-- Assets that lost a reference, and when they lost the last one so far: what a collection looks at.
-- A row here says nothing about references that are left.
CREATE TABLE hfsm_released (
  scope  text COLLATE "C" NOT NULL,
  digest text COLLATE "C" NOT NULL,
  at     bigint NOT NULL,
  PRIMARY KEY (scope, digest)
);
--;;
CREATE INDEX hfsm_released_at ON hfsm_released (at);
--;;
CREATE TABLE hfsm_variant (
  scope             text COLLATE "C" NOT NULL,
  digest            text COLLATE "C" NOT NULL,
  variant           text COLLATE "C" NOT NULL,
  transformation    text NOT NULL,
  transformer       text NOT NULL,
  state             text NOT NULL CHECK (state IN ('REQUESTED', 'READY', 'FAILED')),
  requested_at      bigint NOT NULL,
  storage_key       text COLLATE "C",
  content_digest    text COLLATE "C",
  content_size      bigint,
  media_type        text,
  width             integer,
  height            integer,
  cost_nanos        bigint,
  failure_code      text,
  failure_message   text,
  failure_retryable boolean,
  failure_at        bigint,
  retry_after       bigint,
  PRIMARY KEY (scope, digest, variant),
  CHECK ((state = 'READY') = (storage_key IS NOT NULL)),
  CHECK ((state = 'FAILED') = (failure_code IS NOT NULL))
);
--;;
CREATE UNIQUE INDEX hfsm_variant_key ON hfsm_variant (storage_key) WHERE storage_key IS NOT NULL;
--;;
CREATE TABLE hfsm_work (
  scope             text COLLATE "C" NOT NULL,
  digest            text COLLATE "C" NOT NULL,
  kind              text COLLATE "C" NOT NULL CHECK (kind IN ('INSPECT', 'DERIVE')),
  variant           text COLLATE "C" NOT NULL,  -- '' for an inspection
  priority          integer NOT NULL,
  due_at            bigint NOT NULL,
  attempts          integer NOT NULL CHECK (attempts >= 0),
  fence             bigint NOT NULL DEFAULT 0,  -- number of the last grant, or of the burial
  worker            text,
  leased_until      bigint,
  failure_code      text,
  failure_message   text,
  failure_retryable boolean,
  failure_at        bigint,
  dead_at           bigint,
  PRIMARY KEY (scope, digest, kind, variant),
  CHECK ((kind = 'INSPECT') = (variant = '')),
  CHECK ((worker IS NULL) = (leased_until IS NULL)),
  CHECK (dead_at IS NULL OR leased_until IS NULL)
);
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
  seq        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  scope      text COLLATE "C" NOT NULL,
  digest     text COLLATE "C" NOT NULL,
  from_state text,
  to_state   text NOT NULL,
  event      text NOT NULL,
  detail     text,
  worker     text,
  attempt    integer NOT NULL,
  at         bigint NOT NULL,
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
);
--;;
CREATE INDEX hfsm_history_asset ON hfsm_history (scope, digest, seq);
--;;
CREATE TABLE hfsm_garbage (
  storage_key text COLLATE "C" PRIMARY KEY,
  at          bigint NOT NULL
);
--;;
CREATE INDEX hfsm_garbage_at ON hfsm_garbage (at, storage_key);
--;;
CREATE TABLE hfsm_chore (
  name         text COLLATE "C" PRIMARY KEY,
  worker       text NOT NULL,
  leased_until bigint NOT NULL
);
--;;
-- No change of state escapes the history, and none that is not in the table of states happens.
CREATE FUNCTION hfsm_asset_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  state_before text;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    state_before := OLD.state;
  END IF;
  INSERT INTO hfsm_history
    (scope, digest, from_state, to_state, event, detail, worker, attempt, at)
  VALUES
    (NEW.scope, NEW.digest, state_before, NEW.state, NEW.event, NEW.detail, NEW.worker,
     NEW.attempt, NEW.changed_at);
  RETURN NULL;
END
$$;
--;;
CREATE TRIGGER hfsm_asset_admitted AFTER INSERT ON hfsm_asset
  FOR EACH ROW EXECUTE FUNCTION hfsm_asset_changed();
--;;
CREATE TRIGGER hfsm_asset_changed AFTER UPDATE OF state ON hfsm_asset
  FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state)
  EXECUTE FUNCTION hfsm_asset_changed();
--;;
-- A key that its asset no longer names is nobody's to name any more.
CREATE FUNCTION hfsm_key_replaced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO hfsm_garbage (storage_key, at)
  VALUES (OLD.storage_key, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint);
  RETURN NULL;
END
$$;
--;;
CREATE TRIGGER hfsm_key_replaced AFTER UPDATE OF storage_key ON hfsm_asset
  FOR EACH ROW WHEN (OLD.storage_key <> NEW.storage_key) EXECUTE FUNCTION hfsm_key_replaced();
--;;
CREATE FUNCTION hfsm_history_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'hfsm_history is append-only: % refused', TG_OP;
END
$$;
--;;
CREATE TRIGGER hfsm_history_append_only BEFORE UPDATE OR DELETE ON hfsm_history
  FOR EACH ROW EXECUTE FUNCTION hfsm_history_append_only();
--;;
-- Whatever takes a reference away from an asset starts the asset's grace.
CREATE FUNCTION hfsm_reference_lost() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO hfsm_released (scope, digest, at)
  VALUES (OLD.scope, OLD.digest, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint)
  ON CONFLICT (scope, digest) DO UPDATE SET at = excluded.at;
  RETURN NULL;
END
$$;
--;;
CREATE TRIGGER hfsm_reference_released AFTER DELETE ON hfsm_reference
  FOR EACH ROW EXECUTE FUNCTION hfsm_reference_lost();
--;;
CREATE TRIGGER hfsm_reference_moved AFTER UPDATE OF digest ON hfsm_reference
  FOR EACH ROW WHEN (OLD.digest <> NEW.digest) EXECUTE FUNCTION hfsm_reference_lost();
