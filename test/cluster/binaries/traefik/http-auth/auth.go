// Package auth stands in for the library behind Traefik's basicAuth and digestAuth middlewares. It refuses everyone, so a
// test that relied on it would fail and not pass by mistake.
package auth

import "net/http"

// SecretProvider gives a user's secret.
type SecretProvider func(user, realm string) string

// BasicAuth refuses everyone.
type BasicAuth struct {
	Realm   string
	Secrets SecretProvider
}

// RequireAuth asks for credentials that nothing accepts.
func (*BasicAuth) RequireAuth(w http.ResponseWriter, _ *http.Request) { refuse(w) }

// CheckSecret accepts nothing.
func CheckSecret(_, _ string) bool { return false }

// DigestAuth refuses everyone.
type DigestAuth struct{}

// NewDigestAuthenticator gives an authenticator that refuses everyone.
func NewDigestAuthenticator(_ string, _ SecretProvider) *DigestAuth { return &DigestAuth{} }

// CheckAuth finds nobody.
func (*DigestAuth) CheckAuth(_ *http.Request) (string, *string) { return "", nil }

// RequireAuth asks for credentials that nothing accepts.
func (*DigestAuth) RequireAuth(w http.ResponseWriter, _ *http.Request) { refuse(w) }

// RequireAuthStale asks for credentials that nothing accepts.
func (*DigestAuth) RequireAuthStale(w http.ResponseWriter, _ *http.Request) { refuse(w) }

// DigestAuthParams finds no parameters.
func DigestAuthParams(_ string) map[string]string { return nil }

func refuse(w http.ResponseWriter) { http.Error(w, "refused by the stand-in", http.StatusUnauthorized) }
