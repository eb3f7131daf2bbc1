-- The message for which a step is kept while it is being said: who has said it takes back this step, and no later one.
ALTER TABLE due_step ADD COLUMN told uuid;
