-- What is to be deleted, with its size. SQLite 3.42+.

-- Null in the rows that are there already, and in those of processes that have not been upgraded yet.
ALTER TABLE hfsm_garbage ADD COLUMN size integer CHECK (size >= 0);
--;;
DROP TRIGGER hfsm_key_replaced;
--;;
-- As before, and the size with it.
CREATE TRIGGER hfsm_key_replaced AFTER UPDATE OF storage_key ON hfsm_asset
WHEN OLD.storage_key <> NEW.storage_key
BEGIN
  INSERT INTO hfsm_garbage (storage_key, at, size)
  VALUES (OLD.storage_key, CAST(round(unixepoch('subsec') * 1000) AS integer), OLD.size)
  ON CONFLICT (storage_key) DO NOTHING;
END;
