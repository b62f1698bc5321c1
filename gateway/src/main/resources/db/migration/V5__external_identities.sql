-- Who signs in with an OpenID Connect provider. The provider promises that its subject never changes
-- and is never given to somebody else; an e-mail address promises neither.
create table external_identity (
    issuer     text        not null check (char_length(issuer) between 1 and 2000),
    subject    text        not null check (char_length(subject) between 1 and 255),
    account_id bigint      not null references account (id) on delete cascade,
    created_at timestamptz not null,
    primary key (issuer, subject)
);
create index external_identity_account on external_identity (account_id);

-- Who signs in elsewhere has no password here.
alter table account alter column password_hash drop not null;
