{{/* One release a namespace needs no other name; a second one has that of its release. */}}
{{- define "llmstack-sync.name" -}}
{{- if contains "llmstack-sync" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-llmstack-sync" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "llmstack-sync.selectorLabels" -}}
app.kubernetes.io/name: llmstack-sync
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "llmstack-sync.labels" -}}
{{ include "llmstack-sync.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* The namespaces that it watches, as JSON; empty where it watches all. */}}
{{- define "llmstack-sync.watched" -}}
{{- if .Values.watch.clusterWide }}[]{{ else }}{{ .Values.watch.namespaces | default (list .Release.Namespace) | toJson }}{{ end }}
{{- end }}

{{/* A role with its binding: root, name, place, and a namespace or none for the whole cluster. */}}
{{- define "llmstack-sync.role" -}}
{{- $kind := ternary "Role" "ClusterRole" (hasKey . "namespace") }}
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $kind }}
metadata:
  name: {{ .name }}
  {{- with .namespace }}
  namespace: {{ . }}
  {{- end }}
  labels:
    {{- include "llmstack-sync.labels" .root | nindent 4 }}
{{ pick (.root.Files.Get (printf "rbac/%s.yaml" .place) | fromYaml) "rules" | toYaml }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $kind }}Binding
metadata:
  name: {{ .name }}
  {{- with .namespace }}
  namespace: {{ . }}
  {{- end }}
  labels:
    {{- include "llmstack-sync.labels" .root | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ $kind }}
  name: {{ .name }}
subjects:
  - kind: ServiceAccount
    name: {{ include "llmstack-sync.name" .root }}
    namespace: {{ .root.Release.Namespace }}
{{- end }}
