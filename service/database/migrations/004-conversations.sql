-- Answers that were kept before this are conversations of one turn each.
ALTER TABLE answers
  ADD COLUMN conversation_id uuid NOT NULL DEFAULT gen_random_uuid(),
  ADD COLUMN turn bigint GENERATED ALWAYS AS IDENTITY;

CREATE INDEX answers_conversation ON answers (conversation_id, turn);

-- A key is claimed before its request is worked on, and names the answer afterwards.
CREATE TABLE idempotency_keys (
  key text PRIMARY KEY,
  claim uuid NOT NULL,
  fingerprint bytea NOT NULL,
  claimed_until timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  answer_id uuid REFERENCES answers (id) ON DELETE CASCADE
);

CREATE INDEX idempotency_keys_answer ON idempotency_keys (answer_id);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);
