-- To whom assets are delivered, and what those who keep rows in memory must remove. SQLite 3.42+.

-- Whether presets of the asset are delivered without a signature.
ALTER TABLE hfsm_asset ADD COLUMN is_public integer NOT NULL DEFAULT 0;
--;;
CREATE TABLE hfsm_removal (
  seq    integer PRIMARY KEY,
  scope  text NOT NULL,
  digest text NOT NULL,
  at     integer NOT NULL
) STRICT;
--;;
-- The last place given: a place without an entry was trimmed. One writer at a time, so entries
-- become visible in the order of their places.
CREATE TABLE hfsm_removal_end (
  one  integer PRIMARY KEY CHECK (one = 1),
  last integer NOT NULL
) STRICT;
--;;
INSERT INTO hfsm_removal_end (one, last) VALUES (1, 0);
--;;
CREATE TRIGGER hfsm_asset_removed AFTER DELETE ON hfsm_asset
BEGIN
  UPDATE hfsm_removal_end SET last = last + 1;
  INSERT INTO hfsm_removal (seq, scope, digest, at)
  SELECT e.last, OLD.scope, OLD.digest, CAST(round(unixepoch('subsec') * 1000) AS integer)
  FROM hfsm_removal_end AS e;
END;
--;;
-- Whatever else readers see of an asset that is described does not change, but for the number of
-- its uploads and for its first variant, which no cache is asked about.
CREATE TRIGGER hfsm_asset_stale
AFTER UPDATE OF is_public, storage_key, hold, damage_code ON hfsm_asset
WHEN OLD.is_public <> NEW.is_public OR OLD.storage_key <> NEW.storage_key
  OR OLD.hold IS NOT NEW.hold OR OLD.damage_code IS NOT NEW.damage_code
  OR OLD.damage_message IS NOT NEW.damage_message OR OLD.damage_at IS NOT NEW.damage_at
BEGIN
  UPDATE hfsm_removal_end SET last = last + 1;
  INSERT INTO hfsm_removal (seq, scope, digest, at)
  SELECT e.last, OLD.scope, OLD.digest, CAST(round(unixepoch('subsec') * 1000) AS integer)
  FROM hfsm_removal_end AS e;
END;
