-- In US dollars by the prices of that day; null where no price is known.
ALTER TABLE answers ADD COLUMN cost_usd numeric(16, 9);
