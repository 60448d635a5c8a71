package sandbox

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/payment/provider"
)

const (
	// SignatureHeader carries t=unix seconds,v1=hex HMAC-SHA256 of "t.body".
	SignatureHeader = "Sandbox-Signature"
	// tolerance is how old a signature may be, against replays.
	tolerance = 5 * time.Minute
)

// key is an account's secret for webhooks.
func (s *Sandbox) key(account business.ID) []byte {
	mac := hmac.New(sha256.New, s.secret)
	mac.Write([]byte("sandbox webhooks of " + string(account)))
	return mac.Sum(nil)
}

// sign is the signature header of a body.
func sign(key []byte, at time.Time, text []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	return "t=" + t + ",v1=" + digest(key, t, text)
}

func digest(key []byte, t string, text []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(t + "."))
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil))
}

// Verify implements payment.Verifier.
func (s *Sandbox) Verify(_ context.Context, account business.ID, header http.Header, text []byte) (provider.Event, error) {
	t, v1, found := strings.Cut(strings.TrimPrefix(header.Get(SignatureHeader), "t="), ",v1=")
	seconds, err := strconv.ParseInt(t, 10, 64)
	if !found || err != nil {
		return provider.Event{}, provider.ErrForged
	}
	if age := s.d.Clock().Wall().Sub(time.Unix(seconds, 0)); age > tolerance || age < -tolerance {
		return provider.Event{}, provider.ErrForged
	}
	if !hmac.Equal([]byte(digest(s.key(account), t, text)), []byte(v1)) {
		return provider.Event{}, provider.ErrForged
	}
	var b body
	if err := json.Unmarshal(text, &b); err != nil || b.ID == "" || b.Object == "" {
		return provider.Event{}, provider.ErrForged
	}
	return provider.Event{ID: b.ID, Object: b.Object}, nil
}
