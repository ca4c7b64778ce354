-- To whom assets are delivered, and what those who keep rows in memory must remove. PostgreSQL 15+.

-- Whether presets of the asset are delivered without a signature.
ALTER TABLE hfsm_asset ADD COLUMN is_public boolean NOT NULL DEFAULT false;
--;;
CREATE TABLE hfsm_removal (
  seq    bigint PRIMARY KEY,
  scope  text COLLATE "C" NOT NULL,
  digest text COLLATE "C" NOT NULL,
  at     bigint NOT NULL
);
--;;
-- The last place given. Whoever enters something keeps this row locked until it has committed: so
-- entries become visible in the order of their places, and a place without an entry was trimmed.
CREATE TABLE hfsm_removal_end (
  one  integer PRIMARY KEY CHECK (one = 1),
  last bigint NOT NULL
) WITH (fillfactor = 10);
--;;
INSERT INTO hfsm_removal_end (one, last) VALUES (1, 0);
--;;
CREATE FUNCTION hfsm_asset_stale() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  place bigint;
BEGIN
  UPDATE hfsm_removal_end SET last = last + 1 RETURNING last INTO place;
  INSERT INTO hfsm_removal (seq, scope, digest, at)
  VALUES (place, OLD.scope, OLD.digest,
    floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint);
  RETURN NULL;
END
$$;
--;;
-- Deferred: the place is taken in the commit, after every other lock, and held for no longer than
-- that. Taken where the row is written it would close circles of waiting (a collection has assets
-- and wants the place, an upload has the place and waits for a row of the collection), and a host's
-- transaction would hold up every purge until it ends.
CREATE CONSTRAINT TRIGGER hfsm_asset_removed AFTER DELETE ON hfsm_asset
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hfsm_asset_stale();
--;;
-- Whatever else readers see of an asset that is described does not change, but for the number of
-- its uploads and for its first variant, which no cache is asked about.
CREATE CONSTRAINT TRIGGER hfsm_asset_stale
  AFTER UPDATE OF is_public, storage_key, hold, damage_code ON hfsm_asset
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.is_public <> NEW.is_public OR OLD.storage_key <> NEW.storage_key
    OR OLD.hold IS DISTINCT FROM NEW.hold OR OLD.damage_code IS DISTINCT FROM NEW.damage_code
    OR OLD.damage_message IS DISTINCT FROM NEW.damage_message
    OR OLD.damage_at IS DISTINCT FROM NEW.damage_at)
  EXECUTE FUNCTION hfsm_asset_stale();
