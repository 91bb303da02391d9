// Package ext is the place where Traefik's commercial builds add settings; here it adds none.
package ext

// HTTP adds nothing to the HTTP settings.
type HTTP struct{}

// Router adds nothing to a router's settings.
type Router struct{}

// DeepCopyInto copies nothing.
func (in *HTTP) DeepCopyInto(out *HTTP) { *out = *in }

// DeepCopyInto copies nothing.
func (in *Router) DeepCopyInto(out *Router) { *out = *in }
