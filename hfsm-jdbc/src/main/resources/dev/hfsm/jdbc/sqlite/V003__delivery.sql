-- To whom assets are delivered. SQLite 3.42+.

-- Whether presets of the asset are delivered without a signature.
ALTER TABLE hfsm_asset ADD COLUMN is_public integer NOT NULL DEFAULT 0;
