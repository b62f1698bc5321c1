{{/*
The environment of a service, as a list: (dict "root" $ "name" "gateway" "of" its-architecture "values" its-values).
What values say by the same name outweighs what the chart sets, so no name is there twice.
*/}}
{{- define "mybella.settings" -}}
{{- $root := .root -}}
{{- $v := .root.Values -}}
{{- $of := .of -}}
{{- $fullname := include "mybella.fullname" .root -}}
{{- $plain := dict -}}
{{- $secret := dict -}}
{{- if $of.database -}}
  {{- $_ := set $plain "MYBELLA_MIGRATIONS" "none" -}}
  {{- $_ := set $plain "MYBELLA_DATABASE_PATIENCE" "10m" -}}
  {{- $_ := include "mybella.settings.database" (dict "root" $root "database" $of.database "role" "app" "plain" $plain "secret" $secret) -}}
{{- end -}}
{{- if $of.kafka -}}
  {{- $_ := set $plain "MYBELLA_KAFKA" (include "mybella.kafka.servers" $root) -}}
  {{- $_ := mergeOverwrite $plain $v.kafka.env -}}
  {{- $_ := mergeOverwrite $secret $v.kafka.secretEnv -}}
{{- end -}}
{{- if $of.verifies -}}
  {{- $_ := set $plain "MYBELLA_JWKS_URI" (printf "http://%s-gateway:8080/.well-known/jwks.json" $fullname) -}}
{{- end -}}
{{- range $of.calls -}}
  {{- $_ := set $plain (printf "MYBELLA_%s_URL" (trimSuffix "-service" . | upper)) (printf "http://%s-%s:8080" $fullname .) -}}
{{- end -}}
{{- if $of.blobs -}}
  {{- $_ := include "mybella.settings.blobs" (dict "root" $root "plain" $plain "secret" $secret) -}}
{{- end -}}
{{- if has "model" $of.outside -}}
  {{- $_ := include "mybella.settings.some" (dict "plain" $plain "some" (dict "MYBELLA_MODEL_BASE_URL" $v.model.baseUrl "MYBELLA_MODEL_NAME" $v.model.name)) -}}
  {{- if $v.model.secret.name -}}{{- $_ := set $secret "MYBELLA_MODEL_API_KEY" $v.model.secret -}}{{- end -}}
{{- end -}}
{{- if has "elevenlabs" $of.outside -}}
  {{- $_ := include "mybella.settings.some" (dict "plain" $plain "some" (dict "MYBELLA_ELEVENLABS_URL" $v.elevenlabs.url)) -}}
  {{- if $v.elevenlabs.secret.name -}}{{- $_ := set $secret "MYBELLA_ELEVENLABS_API_KEY" $v.elevenlabs.secret -}}{{- end -}}
{{- end -}}
{{- if $v.tracing.endpoint -}}
  {{- $_ := set $plain "MYBELLA_TRACES_ENDPOINT" $v.tracing.endpoint -}}
  {{- $_ := set $plain "MYBELLA_TRACES_SAMPLED" (toString $v.tracing.sampled) -}}
{{- end -}}
{{- if eq .name "voice-service" -}}
  {{- $_ := set $plain "MYBELLA_VOICE_JOB_WORKERS" (ternary "0" "1" (eq (include "mybella.sharedBlobs" $root) "true")) -}}
{{- end -}}
{{- if eq .name "voice-worker" -}}
  {{- $_ := set $plain "SPRING_PROFILES_ACTIVE" "worker" -}}
  {{- $_ := set $plain "MYBELLA_VOICE_JOB_WORKERS" "1" -}}
{{- end -}}
{{- if and $of.imports $v.operator.secret.name -}}
  {{- $_ := set $secret "MYBELLA_OPERATOR_TOKEN" $v.operator.secret -}}
{{- end -}}
{{- if eq .name "gateway" -}}
  {{- $_ := include "mybella.settings.accounts" (dict "root" $root "plain" $plain "secret" $secret) -}}
{{- end -}}
{{- $_ := include "mybella.settings.override" (dict "plain" $plain "secret" $secret "env" $v.env "secretEnv" $v.secretEnv) -}}
{{- $_ := include "mybella.settings.override" (dict "plain" $plain "secret" $secret "env" (.values.env | default dict) "secretEnv" (.values.secretEnv | default dict)) -}}
{{- include "mybella.settings.list" (dict "plain" $plain "secret" $secret) -}}
{{- end }}

{{/* Puts the login of one role of a database into the dictionaries. */}}
{{- define "mybella.settings.database" -}}
{{- $database := index .root.Values.database .database -}}
{{- $host := include "mybella.database.host" (dict "root" .root "of" $database) -}}
{{- $parameters := ternary "" .root.Values.database.parameters .root.Values.trial.enabled -}}
{{- $_ := set .plain "MYBELLA_DB_URL" (printf "jdbc:postgresql://%s:%s/%s%s" $host (include "mybella.database.port" .root) $database.name (ternary (printf "?%s" $parameters) "" (ne $parameters ""))) -}}
{{- /* Migrations grant rights to the application role, so they know its name. */ -}}
{{- $_ := set .plain "MYBELLA_DB_APP_USER" $database.app.user -}}
{{- $reference := index $database .role "secret" -}}
{{- if .root.Values.trial.enabled -}}
  {{- $reference = dict "name" (printf "%s-trial" (include "mybella.fullname" .root)) "key" (printf "%s-%s" .database .role) -}}
{{- end -}}
{{- $_ := set .secret (printf "MYBELLA_DB_%s_PASSWORD" (upper .role)) $reference -}}
{{- if eq .role "owner" -}}
  {{- $_ := set .plain "MYBELLA_DB_OWNER_USER" $database.owner.user -}}
{{- end -}}
{{- end }}

{{- define "mybella.settings.blobs" -}}
{{- $kind := include "mybella.blobs.kind" .root -}}
{{- $_ := set .plain "MYBELLA_BLOBS" $kind -}}
{{- if eq $kind "s3" -}}
  {{- $s3 := .root.Values.blobs.s3 -}}
  {{- $_ := include "mybella.settings.some" (dict "plain" .plain "some" (dict "MYBELLA_S3_BUCKET" $s3.bucket "MYBELLA_S3_REGION" $s3.region "MYBELLA_S3_ENDPOINT" $s3.endpoint)) -}}
  {{- $_ := set .plain "MYBELLA_S3_PATH_STYLE" (toString $s3.pathStyle) -}}
  {{- if $s3.secret.name -}}
    {{- $_ := set .secret "MYBELLA_S3_ACCESS_KEY" (dict "name" $s3.secret.name "key" $s3.secret.accessKey) -}}
    {{- $_ := set .secret "MYBELLA_S3_SECRET_KEY" (dict "name" $s3.secret.name "key" $s3.secret.secretKey) -}}
  {{- end -}}
{{- else -}}
  {{- $_ := set .plain "MYBELLA_BLOBS_FOLDER" "/data/blobs" -}}
{{- end -}}
{{- end }}

{{- define "mybella.settings.accounts" -}}
{{- $accounts := .root.Values.accounts -}}
{{- $oidc := $accounts.oidc -}}
{{- $_ := set .plain "MYBELLA_LOCAL_ACCOUNTS" (toString $accounts.local) -}}
{{- $_ := include "mybella.settings.some" (dict "plain" .plain "some" (dict
      "MYBELLA_TRUSTED_PROXIES" $accounts.trustedProxies
      "MYBELLA_ADMIN_EMAIL" $accounts.admin.email
      "MYBELLA_OIDC_ISSUER" $oidc.issuer
      "MYBELLA_OIDC_CLIENT_ID" $oidc.clientId
      "MYBELLA_OIDC_NAME" $oidc.name
      "MYBELLA_OIDC_SCOPES" $oidc.scopes
      "MYBELLA_OIDC_REDIRECT_URI" $oidc.redirectUri
      "MYBELLA_OIDC_ADMIN_CLAIM" $oidc.adminClaim
      "MYBELLA_OIDC_ADMIN_VALUE" $oidc.adminValue)) -}}
{{- if $accounts.keySecret.name -}}{{- $_ := set .secret "MYBELLA_KEY_SECRET" $accounts.keySecret -}}{{- end -}}
{{- if $accounts.admin.secret.name -}}{{- $_ := set .secret "MYBELLA_ADMIN_PASSWORD" $accounts.admin.secret -}}{{- end -}}
{{- if $oidc.secret.name -}}{{- $_ := set .secret "MYBELLA_OIDC_CLIENT_SECRET" $oidc.secret -}}{{- end -}}
{{- end }}

{{/* Those that are not empty: a service has its own defaults. */}}
{{- define "mybella.settings.some" -}}
{{- $plain := .plain -}}
{{- range $name, $value := .some -}}
{{- if $value -}}{{- $_ := set $plain $name $value -}}{{- end -}}
{{- end -}}
{{- end }}

{{- define "mybella.settings.override" -}}
{{- $plain := .plain -}}
{{- $secret := .secret -}}
{{- range $name, $value := .env -}}
  {{- $_ := unset $secret $name -}}
  {{- $_ := set $plain $name $value -}}
{{- end -}}
{{- range $name, $value := .secretEnv -}}
  {{- $_ := unset $plain $name -}}
  {{- $_ := set $secret $name $value -}}
{{- end -}}
{{- end }}

{{- define "mybella.settings.list" -}}
{{- range $name, $value := .plain }}
- name: {{ $name }}
  value: {{ toString $value | quote }}
{{- end }}
{{- range $name, $reference := .secret }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $reference.name }}
      key: {{ $reference.key }}
{{- end }}
{{- end }}
