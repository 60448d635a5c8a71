package guard

import (
	"net/http"
	"net/netip"

	"smartlinks/internal/visit/source"
)

type addressKey struct{}

// ClientIP is the address of whoever asks, seen through the trusted proxies. It
// is for throttles and must be neither stored nor logged whole; see MaskedIP.
// The zero Addr means that it isn't known.
func ClientIP(r *http.Request) netip.Addr {
	address, _ := r.Context().Value(addressKey{}).(netip.Addr)
	return address
}

// MaskedIP is the client's address as it may be kept, "192.168.1.xxx".
func MaskedIP(r *http.Request) string { return source.MaskIP(ClientIP(r)) }
