package dashboardtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// device stands in for an authenticator and the browser before it: it makes one
// passkey and signs with it (W3C Web Authentication, 6 and 7), and lies where a
// test wants it to.
type device struct {
	t       *testing.T
	key     *ecdsa.PrivateKey
	Id      []byte
	User    string // as the server named it, base64url
	Counter uint32
	// What it claims of itself.
	Origin   string
	Verified bool
}

func NewDevice(t *testing.T) *device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		t.Fatal(err)
	}
	return &device{t: t, key: key, Id: id, Origin: "http://localhost", Verified: true}
}

func B64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (v *device) encode(value any) []byte {
	v.t.Helper()
	encoded, err := cbor.Marshal(value)
	if err != nil {
		v.t.Fatal(err)
	}
	return encoded
}

// client is the browser's part: what was asked, and where.
func (v *device) client(kind, challenge string) []byte {
	text, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": v.Origin, "crossOrigin": false})
	if err != nil {
		v.t.Fatal(err)
	}
	return text
}

// state is the authenticator data, with what a new key adds to it.
func (v *device) state(flags byte, attested []byte) []byte {
	site := sha256.Sum256([]byte("localhost"))
	flags |= 0x01 // somebody was there
	if v.Verified {
		flags |= 0x04
	}
	v.Counter++
	return append(binary.BigEndian.AppendUint32(append(site[:], flags), v.Counter), attested...)
}

// Create answers navigator.credentials.create.
func (v *device) Create(options string) string {
	v.t.Helper()
	var asked struct {
		PublicKey struct {
			Challenge string
			User      struct{ ID string }
		}
	}
	if err := json.Unmarshal([]byte(options), &asked); err != nil {
		v.t.Fatal(err)
	}
	v.User = asked.PublicKey.User.ID
	point, err := v.key.PublicKey.Bytes()
	if err != nil {
		v.t.Fatal(err)
	}
	// RFC 9053: EC2 key on P-256 for ES256.
	public := v.encode(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	attested := append(binary.BigEndian.AppendUint16(make([]byte, 16), uint16(len(v.Id))), v.Id...)
	object := v.encode(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": v.state(0x40, append(attested, public...))})
	return v.answer(map[string]any{
		"clientDataJSON": B64(v.client("webauthn.create", asked.PublicKey.Challenge)), "attestationObject": B64(object), "transports": []string{"internal"},
	})
}

// Get answers navigator.credentials.get.
func (v *device) Get(options string) string {
	v.t.Helper()
	var asked struct{ PublicKey struct{ Challenge string } }
	if err := json.Unmarshal([]byte(options), &asked); err != nil {
		v.t.Fatal(err)
	}
	client, state := v.client("webauthn.get", asked.PublicKey.Challenge), v.state(0, nil)
	hash := sha256.Sum256(client)
	signed := sha256.Sum256(append(append([]byte{}, state...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, v.key, signed[:])
	if err != nil {
		v.t.Fatal(err)
	}
	return v.answer(map[string]any{"clientDataJSON": B64(client), "authenticatorData": B64(state), "signature": B64(signature), "userHandle": v.User})
}

func (v *device) answer(response map[string]any) string {
	text, err := json.Marshal(map[string]any{
		"id": B64(v.Id), "rawId": B64(v.Id), "type": "public-key", "clientExtensionResults": map[string]any{}, "response": response,
	})
	if err != nil {
		v.t.Fatal(err)
	}
	return string(text)
}

var optionsInPage = regexp.MustCompile(`data-passkey-create="([^"]+)"`)

// BeginPasskey is what the browser is asked when somebody adds a passkey.
func (b *Browser) BeginPasskey(t *testing.T, name string) string {
	t.Helper()
	page := b.Post("/dashboard/acme/account/passkeys/begin", url.Values{"name": {name}, "current_password": {Password}})
	found := optionsInPage.FindStringSubmatch(page.Body)
	if page.Status != http.StatusOK || found == nil {
		t.Fatalf("beginning: %d %s", page.Status, page.Said())
	}
	return html.UnescapeString(found[1])
}

// AddPasskey puts a passkey of this name on a new device.
func (b *Browser) AddPasskey(t *testing.T, name string) *device {
	t.Helper()
	v := NewDevice(t)
	got := b.Post("/dashboard/acme/account/passkeys", url.Values{"credential": {v.Create(b.BeginPasskey(t, name))}})
	if got.Status != http.StatusSeeOther {
		t.Fatalf("adding: %d %s", got.Status, got.Said())
	}
	return v
}

// AskPasskey is what the browser is asked at sign-in.
func (b *Browser) AskPasskey(t *testing.T) string {
	t.Helper()
	got := b.Post("/sign-in/passkey/ask", nil)
	if got.Status != http.StatusOK || !strings.HasPrefix(got.Header.Get("Content-Type"), "application/json") {
		t.Fatalf("asking: %d %s", got.Status, got.Body)
	}
	return got.Body
}

func (b *Browser) Passkey(credential string) Answer {
	return b.Post("/sign-in/passkey", url.Values{"credential": {credential}, "next": {"/dashboard/acme/products"}})
}
