-- What is left of the allowances of signing in, shared by all replicas. Only allowances that are not
-- whole have a row; those that are whole again are deleted every few minutes.
create table sign_in_allowance (
    -- SHA-256 of what is counted, such as an e-mail address: nobody can be read off this table.
    key      text        primary key,
    whole_at timestamptz not null
);
create index sign_in_allowance_whole_at on sign_in_allowance (whole_at);
