{{/* Every setting that is no secret, by its variable; a component names those that it reads. YAML. */}}
{{- define "bookproof.settings" -}}
PUBLIC_URL: {{ include "bookproof.publicUrl" . | quote }}
SANDBOX: {{ .Values.trial.enabled | quote }}
TWILIO_BASE_URL: {{ if .Values.trial.enabled }}http://{{ include "bookproof.fullname" . }}-sandbox:8081{{ else }}""{{ end }}
KAFKA_BROKERS: {{ include "bookproof.brokers" . | quote }}
BUSINESS_OWNER_PERSONAL_PHONE: {{ .Values.ownerPhone | quote }}
VIP_PHONE_NUMBER: {{ .Values.vipPhone | quote }}
INTERNAL_BLOCKLIST_E164: {{ join "," .Values.blocklist | quote }}
TRACE_RETENTION_DAYS: {{ int .Values.traceRetentionDays | quote }}
OPENAI_MODEL: {{ .Values.openaiModel | quote }}
TWILIO_SIM_WEBHOOK_URL: {{ include "bookproof.publicUrl" . }}/api/twilio/sms
PORT: "8081"
{{- end }}

{{/* Where a secret stands, as a secretKeyRef, or nothing where it is not given. Arguments: root, name. */}}
{{- define "bookproof.secretRef" -}}
{{- $ref := index .root.Values.secrets .name | default dict -}}
{{- $generated := list "DATABASE_URL" "SECRETS_KEY" "BOOTSTRAP_ADMIN_TOKEN" -}}
{{- if eq .name "TWILIO_SIM_ACCOUNTS" }}{ name: {{ include "bookproof.fullname" .root }}-tenant-secrets, key: {{ .name }} }
{{- else if and .root.Values.trial.enabled (has .name $generated) }}{ name: {{ include "bookproof.fullname" .root }}-generated, key: {{ .name }} }
{{- else if $ref.existingSecret }}{ name: {{ $ref.existingSecret }}, key: {{ $ref.key }} }
{{- end -}}
{{- end }}

{{/* One secret as a variable. Arguments: root, name. */}}
{{- define "bookproof.secretEnv" -}}
{{- with include "bookproof.secretRef" . }}
- name: {{ $.name }}
  valueFrom: { secretKeyRef: {{ . }} }
{{- end }}
{{- end }}

{{/* A component's variables. Arguments: root, name, component. */}}
{{- define "bookproof.env" -}}
{{- $root := .root -}}
{{- $settings := include "bookproof.settings" $root | fromYaml -}}
{{- if ne .name "sandbox" }}
- { name: LOG_LEVEL, value: {{ $root.Values.logLevel }} }
- { name: FEATURE_TRACE_SMS, value: {{ $root.Values.traceSms | quote }} }
- { name: OTEL_SERVICE_NAME, value: {{ .name }} }
{{- if eq .component.protocol "http" }}
- { name: GATEWAY_PORT, value: {{ int .component.port | quote }} }
{{- else }}
- { name: LISTEN_ADDR, value: "0.0.0.0:{{ int .component.port }}" }
{{- end }}
{{- range without .component.calls "gateway" "sandbox" }}
- { name: {{ upper . }}_ADDR, value: "{{ include "bookproof.fullname" $root }}-{{ . }}:{{ int (index $root.Values.services .).port }}" }
{{- end }}
{{- include "bookproof.telemetryEnv" $root }}
{{- end }}
{{- range $name := .component.settings }}
{{- with index $settings $name }}
- { name: {{ $name }}, value: {{ . | quote }} }
{{- end }}
{{- end }}
{{- range .component.secrets }}
{{- include "bookproof.secretEnv" (dict "root" $root "name" .) }}
{{- end }}
{{- with concat $root.Values.extraEnv .component.env }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "bookproof.telemetryEnv" -}}
{{- if .Values.metrics.enabled }}
- { name: OTEL_EXPORTER_PROMETHEUS_HOST, value: 0.0.0.0 }
- { name: OTEL_EXPORTER_PROMETHEUS_PORT, value: "9464" }
{{- else }}
# The images switch it on.
- { name: OTEL_EXPORTER_PROMETHEUS_PORT, value: "" }
{{- end }}
{{- with .Values.otlp }}
{{- if .endpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ .endpoint | quote }} }
- { name: OTEL_EXPORTER_OTLP_PROTOCOL, value: {{ .protocol }} }
{{- with .headersSecret }}
{{- if .existingSecret }}
- name: OTEL_EXPORTER_OTLP_HEADERS
  valueFrom: { secretKeyRef: { name: {{ .existingSecret }}, key: {{ .key }} } }
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
