-- To whom assets are delivered. PostgreSQL 15+.

-- Whether presets of the asset are delivered without a signature.
ALTER TABLE hfsm_asset ADD COLUMN is_public boolean NOT NULL DEFAULT false;
