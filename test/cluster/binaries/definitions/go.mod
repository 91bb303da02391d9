// Nothing is built of these: their definitions of custom resources are read.
module qna-ready/test/cluster/binaries/definitions

go 1.26.0

require (
	github.com/bitnami-labs/sealed-secrets v0.40.0
	github.com/cert-manager/cert-manager v1.21.2
	github.com/cloudnative-pg/cloudnative-pg v1.29.1
	github.com/external-secrets/external-secrets v1.3.2
	github.com/prometheus-operator/prometheus-operator v0.85.0
	github.com/kubernetes-csi/external-snapshotter/client/v8 v8.7.0
	sigs.k8s.io/gateway-api v1.6.3
)
