{{/* What every pod has in common. Arguments: root, user. */}}
{{- define "bookproof.pod" -}}
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- /* Nothing of ours asks the API server anything. */}}
automountServiceAccountToken: false
{{- /* Variables that Kubernetes makes of Services' names could be taken for ours, GATEWAY_PORT for one. */}}
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: {{ int .user }}
  runAsGroup: {{ int .user }}
  fsGroup: {{ int .user }}
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: { type: RuntimeDefault }
{{- with .root.Values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{- define "bookproof.container" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
{{- end }}

{{/* A container of a Job or a test from the tools image. Arguments: root, name. */}}
{{- define "bookproof.tool" -}}
- name: {{ .name }}
  image: {{ include "bookproof.image" (dict "root" .root "component" "tools") }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  {{- include "bookproof.container" . | nindent 2 }}
  resources: { requests: { cpu: 50m, memory: 96Mi }, limits: { memory: 384Mi } }
  volumeMounts: [{ name: tmp, mountPath: /tmp }{{ with .mounts }}, {{ . }}{{ end }}]
{{- end }}

{{/* Waits until something answers, and says what is missing where it never does. Arguments: root, url. */}}
{{- define "bookproof.wait" -}}
{{ include "bookproof.tool" (dict "root" .root "name" "wait") }}
  command: [node, --input-type=module, -e]
  args:
    - |
      {{- .root.Files.Get "files/wait-until.mjs" | trim | nindent 6 }}
  env:
    - { name: WAIT_FOR, value: "{{ .url }}" }
    - { name: WAIT_SECONDS, value: {{ max 10 (sub (int .root.Values.jobSeconds) 60) | quote }} }
{{- end }}

{{/* A Job that helm runs and whose failure fails the release. Arguments: root, component, hooks, weight. Its pod's containers follow. */}}
{{- define "bookproof.jobHead" -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ include "bookproof.fullname" .root }}-{{ .component }}
  labels: {{- include "bookproof.labels" . | nindent 4 }}
  annotations:
    helm.sh/hook: {{ .hooks }}
    helm.sh/hook-weight: {{ .weight | quote }}
    # It stays for a day, so that its log can be read, or until the next one.
    helm.sh/hook-delete-policy: before-hook-creation
spec:
  ttlSecondsAfterFinished: 86400
  backoffLimit: 2
  activeDeadlineSeconds: {{ int .root.Values.jobSeconds }}
  template:
    metadata:
      labels: {{- include "bookproof.podLabels" . | nindent 8 }}
    spec:
      restartPolicy: Never
      {{- include "bookproof.pod" (dict "root" .root "user" .root.Values.runAsUser) | trim | nindent 6 }}
{{- end }}
