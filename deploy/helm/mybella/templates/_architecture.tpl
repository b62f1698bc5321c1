{{/*
What the services are and whom they speak to. Deployments, their settings and the NetworkPolicies are all made of this.
  image       when it is another service's
  serves      answers requests on 8080
  database    its database
  kafka       sends or takes events
  blobs       keeps files
  calls       services it asks in the caller's name
  imports     takes what the operator imports
  verifies    fetches the gateway's public keys
  outside     whom it asks beyond the platform, when that is set
*/}}
{{- define "mybella.architecture" -}}
gateway:
  serves: true
  database: gateway
  imports: true
  kafka: true
  calls: [persona-service, memory-service, voice-service, chat-service]
  outside: [oidc]
persona-service:
  serves: true
  database: persona
  imports: true
  kafka: true
  blobs: persona
  verifies: true
  calls: []
  outside: []
memory-service:
  serves: true
  database: memory
  imports: true
  kafka: true
  verifies: true
  calls: [persona-service]
  outside: [model]
voice-service:
  serves: true
  database: voice
  imports: true
  kafka: true
  blobs: voice
  verifies: true
  calls: [persona-service]
  outside: [elevenlabs]
{{- if eq (include "mybella.sharedBlobs" .) "true" }}
voice-worker:
  image: voice-service
  database: voice
  kafka: true
  blobs: voice
  calls: []
  outside: [elevenlabs]
{{- end }}
chat-service:
  serves: true
  verifies: true
  calls: [persona-service, memory-service]
  outside: [model]
{{- end }}

{{/* The databases and the service that migrates each. */}}
{{- define "mybella.databases" -}}
gateway: gateway
persona: persona-service
memory: memory-service
voice: voice-service
{{- end }}

{{- define "mybella.blobs.kind" -}}
{{- .Values.blobs.kind | default (ternary "folder" "s3" .Values.trial.enabled) -}}
{{- end }}

{{/* Whether several pods see the same files. */}}
{{- define "mybella.sharedBlobs" -}}
{{- or (eq (include "mybella.blobs.kind" .) "s3") (eq .Values.blobs.folder.accessMode "ReadWriteMany") -}}
{{- end }}

{{/* Whether a service is bound to the one pod that has its volume: (dict "root" $ "of" its-architecture). */}}
{{- define "mybella.single" -}}
{{- if and .of.blobs (ne (include "mybella.sharedBlobs" .root) "true") -}}true{{- end -}}
{{- end }}

{{/* host[:port] of a URL to its port. */}}
{{- define "mybella.portOf" -}}
{{- $url := urlParse . -}}
{{- $parts := splitList ":" $url.host -}}
{{- if gt (len $parts) 1 -}}{{ last $parts }}{{- else -}}{{ ternary "80" "443" (eq $url.scheme "http") }}{{- end -}}
{{- end }}

{{/* Host of a database: (dict "root" $ "of" its-values). */}}
{{- define "mybella.database.host" -}}
{{- if .root.Values.trial.enabled -}}
{{ include "mybella.fullname" .root }}-postgres
{{- else -}}
{{ .of.host | default .root.Values.database.host }}
{{- end -}}
{{- end }}

{{- define "mybella.database.port" -}}
{{- ternary 5432 (int .Values.database.port) .Values.trial.enabled -}}
{{- end }}

{{- define "mybella.kafka.servers" -}}
{{- if .Values.trial.enabled -}}
{{ include "mybella.fullname" . }}-kafka:9092
{{- else -}}
{{ .Values.kafka.bootstrapServers }}
{{- end -}}
{{- end }}

{{/* Says at once what is missing, instead of pods that never become ready. */}}
{{- define "mybella.check" -}}
{{- if not .Values.trial.enabled -}}
{{- range $name, $_ := include "mybella.databases" . | fromYaml -}}
{{- if not (include "mybella.database.host" (dict "root" $ "of" (index $.Values.database $name))) -}}
{{- fail "database.host is missing: the PostgreSQL server (or trial.enabled=true to look at the platform)" -}}
{{- end -}}
{{- end -}}
{{- if not .Values.kafka.bootstrapServers -}}
{{- fail "kafka.bootstrapServers is missing: host:port of Kafka (or trial.enabled=true to look at the platform)" -}}
{{- end -}}
{{- end -}}
{{- if and (eq (include "mybella.blobs.kind" .) "s3") (not .Values.blobs.s3.bucket) -}}
{{- fail "blobs.s3.bucket is missing: the bucket for pictures and speech (or blobs.kind=folder)" -}}
{{- end -}}
{{- if and .Values.ingress.enabled .Values.httpRoute.enabled -}}
{{- fail "ingress.enabled and httpRoute.enabled: choose one" -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.host) -}}
{{- fail "ingress.host is missing: the name that people come to" -}}
{{- end -}}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) -}}
{{- fail "httpRoute.parentRefs is missing: the Gateway that routes to the platform" -}}
{{- end -}}
{{- if .Values.keda.enabled -}}
{{- if not .Values.keda.prometheusAddress -}}
{{- fail "keda.prometheusAddress is missing: where KEDA asks for the number of speech jobs" -}}
{{- end -}}
{{- if ne (include "mybella.sharedBlobs" .) "true" -}}
{{- fail "keda.enabled: workers need files that all of them see: blobs.kind=s3, or accessMode ReadWriteMany" -}}
{{- end -}}
{{- end -}}
{{- end }}
