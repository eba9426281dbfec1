{{/* The name of all objects. */}}
{{- define "runhook.name" -}}
{{- if contains "runhook" .Release.Name -}}
{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-runhook" (.Release.Name | trunc 42 | trimSuffix "-") }}
{{- end -}}
{{- end -}}

{{/* Select the pods of this release, in all roles. */}}
{{- define "runhook.selector" -}}
app.kubernetes.io/name: runhook
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "runhook.metadata" -}}
name: {{ include "runhook.name" . }}
namespace: {{ .Release.Namespace }}
labels:
  {{- include "runhook.selector" . | nindent 2 }}
{{- end -}}

{{/* The name of the objects of a role: (list $ role). */}}
{{- define "runhook.roleName" -}}
{{- include "runhook.name" (first .) -}}
{{- if ne (last .) "all" -}}-{{ last . }}{{- end -}}
{{- end -}}

{{/* The role whose pods are added by autoscaling. */}}
{{- define "runhook.scaledRole" -}}
{{- if not .Values.autoscaling.enabled -}}
{{- else if .Values.replicas.worker -}}
worker
{{- else -}}
all
{{- end -}}
{{- end -}}

{{- define "runhook.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* The secrets that are mounted to /secrets, in JSON. */}}
{{- define "runhook.secrets" -}}
{{- $database := .Values.database.secret | required "set database.secret to the name of a secret with database-url and database-password" -}}
{{- if and .Values.keys.generate .Values.keys.secret -}}
{{- fail "set keys.secret or keys.generate, not both" -}}
{{- else if .Values.keys.generate -}}
{{- list $database (printf "%s-keys" (include "runhook.name" .)) | toJson -}}
{{- else -}}
{{- list $database (.Values.keys.secret | required "set keys.secret to the name of a secret with admin-token and encryption-key, or keys.generate to true") | uniq | toJson -}}
{{- end -}}
{{- end -}}
