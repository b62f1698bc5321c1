-- Private keys are encrypted when there is a secret for it (mybella.gateway.token.key-secret).
alter table signing_key add column encrypted boolean not null default false;
