{{/* <release>-bookproof, or the release's name where it says bookproof already. */}}
{{- define "bookproof.fullname" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" }}{{ end -}}
{{- end }}

{{/* What never changes of a component's labels. Arguments: root, component. */}}
{{- define "bookproof.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Labels of a pod. Without the chart's version, so that a new chart alone restarts nothing. Arguments: root, component. */}}
{{- define "bookproof.podLabels" -}}
{{ include "bookproof.selector" . }}
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | quote }}
{{- end }}

{{/* Arguments: root, component. */}}
{{- define "bookproof.labels" -}}
{{ include "bookproof.podLabels" . }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* Arguments: root, component. */}}
{{- define "bookproof.image" -}}
{{- with .root.Values.image -}}
{{ with .registry }}{{ . | trimSuffix "/" }}/{{ end }}{{ .repository }}/{{ $.component }}:{{ .tag | default $.root.Chart.AppVersion }}
{{- end -}}
{{- end }}

{{/* Where the release itself reaches the gateway. */}}
{{- define "bookproof.gatewayUrl" -}}
http://{{ include "bookproof.fullname" . }}-gateway:{{ int .Values.services.gateway.port }}
{{- end }}

{{/* The simulated phones of a trial call the gateway by its name in the cluster. */}}
{{- define "bookproof.publicUrl" -}}
{{ .Values.publicUrl | trimSuffix "/" | default (include "bookproof.gatewayUrl" .) }}
{{- end }}

{{- define "bookproof.brokers" -}}
{{- if and .Values.trial.enabled .Values.trial.kafka.enabled }}{{ include "bookproof.fullname" . }}-kafka:9092
{{- else }}{{ join "," .Values.kafka.brokers }}{{ end -}}
{{- end }}

{{/* What runs from one of our images, by its name: the services, and a trial's phones. YAML. */}}
{{- define "bookproof.components" -}}
{{- $all := deepCopy .Values.services -}}
{{- if .Values.trial.enabled -}}
{{- range $name := list "gateway" "notifier" -}}
{{- $service := index $all $name -}}
{{- $_ := set $service "calls" (append $service.calls "sandbox") -}}
{{- end -}}
{{- $_ := set $all "sandbox" (dict "replicas" 1 "protocol" "http" "port" 8081 "calls" (list "gateway") "internet" false "secrets" (list "TWILIO_SIM_ACCOUNTS") "settings" (list "TWILIO_SIM_WEBHOOK_URL" "PORT") "resources" .Values.trial.sandbox.resources "preStopSeconds" 5 "autoscaling" (dict "enabled" false) "pdb" (dict "enabled" false) "affinity" dict "env" list "path" "/_sim/opt-outs") -}}
{{- end -}}
{{- toYaml $all -}}
{{- end }}
