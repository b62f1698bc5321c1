-- Counts the changes of the password. A sign-in with the password before, which is on its way while
-- the password changes, sees by it that it came too late.
alter table account add column password_version int not null default 0;
