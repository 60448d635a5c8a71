package caps

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/netip"

	"smartlinks/internal/business"
)

// SourceKey is the source of an address at a business for the database: a keyed hash, because
// whole addresses are never stored. "" for no address.
func SourceKey(secret []byte, at business.ID, address netip.Addr) string {
	if !address.IsValid() {
		return ""
	}
	address = address.Unmap().WithZone("")
	bits := 32
	if address.Is6() {
		bits = 64
	}
	network, err := address.Prefix(bits)
	if err != nil {
		return ""
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(string(at) + "|" + network.String()))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}
