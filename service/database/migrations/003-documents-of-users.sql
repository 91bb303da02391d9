ALTER TABLE documents ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();

-- Made from the documents alone, without a model.
ALTER TABLE answers ADD COLUMN offline boolean NOT NULL DEFAULT false;
