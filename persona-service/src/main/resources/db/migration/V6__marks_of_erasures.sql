-- The marks are kept in the same way in all services: the erasure that was told last, since when the
-- account is gone, and since when nothing is left of it. Until then a receipt is due.
alter table erased_account rename column erased_at to deleted_at;
alter table erased_account add column erased_at timestamptz;
update erased_account
    set erasure_id = coalesce(receipt_due, erasure_id),
        erased_at = case when receipt_due is null then deleted_at end;
drop index erased_account_receipt_due;
alter table erased_account drop column receipt_due;
create index erased_account_unfinished on erased_account (deleted_at, user_id)
    where erased_at is null;
