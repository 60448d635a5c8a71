package guard

import (
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"

	"smartlinks/internal/visit/source"
)

// noticed remembers what the guard has warned of. Each trouble is told once in the life of
// a process: it stays until somebody changes the configuration, and restarts.
type noticed struct{ unnamed, scheme atomic.Bool }

// noticeProxy warns of a proxy before the server that the configuration does not fit: one
// that is not among the trusted ones, or that serves another scheme than the public URL
// has. Only a peer in a private network is taken for a proxy: anybody else can write the
// header too.
func (g *Guard) noticeProxy(r *http.Request) {
	forwarded := len(r.Header["X-Forwarded-For"]) > 0
	if !forwarded || g.noticed.unnamed.Load() && g.noticed.scheme.Load() {
		return
	}
	peer := source.ParseAddr(r.RemoteAddr)
	if !peer.IsPrivate() && !peer.IsLoopback() {
		return
	}
	if !source.Trusted(peer, g.TrustedProxies) {
		if g.noticed.unnamed.CompareAndSwap(false, true) {
			network := netip.PrefixFrom(peer, peer.BitLen())
			g.Log.WarnContext(r.Context(), "a proxy is not trusted, so all who come by it share one address, and its limits; if it is yours, name it with --trusted-proxies",
				slog.String("network", network.String()))
		}
		return
	}
	scheme := strings.ToLower(r.Header.Get("X-Forwarded-Proto"))
	if scheme != "http" && scheme != "https" || (scheme == "https") == g.Addresses.Secure() {
		return
	}
	// Plain http is expected when a proxy is asked for http and sends on to https itself.
	if scheme == "https" && g.noticed.scheme.CompareAndSwap(false, true) {
		g.Log.WarnContext(r.Context(), "the proxy serves https while --url begins with http://, so links, cookies and QR codes are made for http; set --url to the https address",
			slog.String("url", g.Addresses.Origin()))
	}
}
