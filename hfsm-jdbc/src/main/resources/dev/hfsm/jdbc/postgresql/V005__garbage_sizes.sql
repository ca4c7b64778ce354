-- What is to be deleted, with its size. PostgreSQL 15+.

-- Null in the rows that are there already, and in those of nodes that have not been upgraded yet.
ALTER TABLE hfsm_garbage ADD COLUMN size bigint CHECK (size >= 0);
--;;
-- As before, and the size with it.
CREATE OR REPLACE FUNCTION hfsm_key_replaced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO hfsm_garbage (storage_key, at, size)
  VALUES
    (OLD.storage_key, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint, OLD.size)
  ON CONFLICT (storage_key) DO NOTHING;
  RETURN NULL;
END
$$;
