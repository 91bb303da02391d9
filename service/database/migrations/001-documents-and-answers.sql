CREATE TABLE documents (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  title text NOT NULL,
  body text NOT NULL,
  search tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', body), 'B')
  ) STORED
);

CREATE INDEX documents_search ON documents USING gin (search);

CREATE TABLE answers (
  id uuid PRIMARY KEY,
  question text NOT NULL,
  answer text NOT NULL,
  model text NOT NULL,
  tool_calls jsonb NOT NULL,
  input_tokens integer NOT NULL,
  output_tokens integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
