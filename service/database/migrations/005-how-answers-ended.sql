-- False where the client left, or the service stopped, before the answer was whole.
ALTER TABLE answers ADD COLUMN complete boolean NOT NULL DEFAULT true;

-- Why the documents answered where a model should have.
ALTER TABLE answers ADD COLUMN degraded text;
