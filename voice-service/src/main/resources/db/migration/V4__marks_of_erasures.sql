-- The marks are kept in the same way in all services: since when the account is gone, and since when
-- nothing is left of it.
alter table erased_account rename column erased_at to deleted_at;
alter table erased_account rename column completed_at to erased_at;
