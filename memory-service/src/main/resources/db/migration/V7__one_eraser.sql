-- An erasure that is told again under another id is answered to that one.
GRANT UPDATE (erasure_id) ON persona_tombstone, account_tombstone TO "${app_role}";

-- Erasures that were under way before there was a worker. The owner is bound by the policies, too.
SELECT set_config('app.work', 'on', true);
INSERT INTO memory_work (persona_id, kind, due_at, next_at)
SELECT persona_id, 'erase-persona', deleted_at, now() FROM persona_tombstone WHERE erased_at IS NULL;
INSERT INTO memory_work (user_id, kind, due_at, next_at)
SELECT user_id, 'erase-account', deleted_at, now() FROM account_tombstone WHERE erased_at IS NULL;
