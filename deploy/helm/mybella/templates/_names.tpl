{{- define "mybella.fullname" -}}
{{- $name := .Values.nameOverride | default .Chart.Name -}}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- .Values.fullnameOverride | default $full | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{/* Labels that select the pods of a component: (dict "root" $ "component" "gateway"). */}}
{{- define "mybella.selector" -}}
app.kubernetes.io/name: {{ .root.Values.nameOverride | default .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "mybella.labels" -}}
{{ include "mybella.selector" . }}
app.kubernetes.io/part-of: mybella
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end }}

{{/* Image of a service: (dict "root" $ "name" "gateway" "override" ""). */}}
{{- define "mybella.image" -}}
{{- $image := .root.Values.image -}}
{{- .override | default (printf "%s:%s" (compact (list $image.registry $image.repository .name) | join "/") ($image.tag | default .root.Chart.AppVersion)) -}}
{{- end }}
