package dashboard_test

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

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

// device stands in for an authenticator and the browser before it: it makes one
// passkey and signs with it (W3C Web Authentication, 6 and 7), and lies where a
// test wants it to.
type device struct {
	t       *testing.T
	key     *ecdsa.PrivateKey
	id      []byte
	user    string // as the server named it, base64url
	counter uint32
	// What it claims of itself.
	origin   string
	verified bool
}

func newDevice(t *testing.T) *device {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		t.Fatal(err)
	}
	return &device{t: t, key: key, id: id, origin: "http://localhost", verified: true}
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

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
	text, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": v.origin, "crossOrigin": false})
	if err != nil {
		v.t.Fatal(err)
	}
	return text
}

// state is the authenticator data, with what a new key adds to it.
func (v *device) state(flags byte, attested []byte) []byte {
	site := sha256.Sum256([]byte("localhost"))
	flags |= 0x01 // somebody was there
	if v.verified {
		flags |= 0x04
	}
	v.counter++
	return append(binary.BigEndian.AppendUint32(append(site[:], flags), v.counter), attested...)
}

// create answers navigator.credentials.create.
func (v *device) create(options string) string {
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
	v.user = asked.PublicKey.User.ID
	point, err := v.key.PublicKey.Bytes()
	if err != nil {
		v.t.Fatal(err)
	}
	// RFC 9053: EC2 key on P-256 for ES256.
	public := v.encode(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	attested := append(binary.BigEndian.AppendUint16(make([]byte, 16), uint16(len(v.id))), v.id...)
	object := v.encode(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": v.state(0x40, append(attested, public...))})
	return v.answer(map[string]any{
		"clientDataJSON": b64(v.client("webauthn.create", asked.PublicKey.Challenge)), "attestationObject": b64(object), "transports": []string{"internal"},
	})
}

// get answers navigator.credentials.get.
func (v *device) get(options string) string {
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
	return v.answer(map[string]any{"clientDataJSON": b64(client), "authenticatorData": b64(state), "signature": b64(signature), "userHandle": v.user})
}

func (v *device) answer(response map[string]any) string {
	text, err := json.Marshal(map[string]any{
		"id": b64(v.id), "rawId": b64(v.id), "type": "public-key", "clientExtensionResults": map[string]any{}, "response": response,
	})
	if err != nil {
		v.t.Fatal(err)
	}
	return string(text)
}

var optionsInPage = regexp.MustCompile(`data-passkey-create="([^"]+)"`)

// beginPasskey is what the browser is asked when somebody adds a passkey.
func (b *browser) beginPasskey(t *testing.T, name string) string {
	t.Helper()
	page := b.post("/dashboard/acme/account/passkeys/begin", url.Values{"name": {name}, "current_password": {password}})
	found := optionsInPage.FindStringSubmatch(page.Body)
	if page.Status != http.StatusOK || found == nil {
		t.Fatalf("beginning: %d %s", page.Status, page.Said())
	}
	return html.UnescapeString(found[1])
}

// addPasskey puts a passkey of this name on a new device.
func (b *browser) addPasskey(t *testing.T, name string) *device {
	t.Helper()
	v := newDevice(t)
	got := b.post("/dashboard/acme/account/passkeys", url.Values{"credential": {v.create(b.beginPasskey(t, name))}})
	if got.Status != http.StatusSeeOther {
		t.Fatalf("adding: %d %s", got.Status, got.Said())
	}
	return v
}

// askPasskey is what the browser is asked at sign-in.
func (b *browser) askPasskey(t *testing.T) string {
	t.Helper()
	got := b.post("/sign-in/passkey/ask", nil)
	if got.Status != http.StatusOK || !strings.HasPrefix(got.Header.Get("Content-Type"), "application/json") {
		t.Fatalf("asking: %d %s", got.Status, got.Body)
	}
	return got.Body
}

func (b *browser) passkey(credential string) answer {
	return b.post("/sign-in/passkey", url.Values{"credential": {credential}, "next": {"/dashboard/acme/products"}})
}

func TestAPasskeySignsInWithoutPasswordAndCode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		owner := s.signedIn(t, "marit@example.com")
		s.turnOn(t, owner)
		phone := owner.addPasskey(t, "Marit's phone")
		if page := owner.get("/dashboard/acme/account"); !page.Has("Marit&#39;s phone", "never used") {
			t.Errorf("the list: %s", page.Said())
		}
		b := s.browser(t)
		if page := b.get("/sign-in"); !page.Has(`data-passkey-get="/sign-in/passkey/ask"`, `src="/dashboard/static/account.`) {
			t.Error("the sign-in does not offer it")
		}
		options := b.askPasskey(t)
		if !strings.Contains(options, `"userVerification":"required"`) || strings.Contains(options, b64(phone.id)) {
			t.Errorf("the browser is asked %s", options)
		}
		if got := b.passkey(phone.get(options)); got.Location != "/dashboard/acme/products" {
			t.Fatalf("signing in: %d %s", got.Status, got.Said())
		}
		if page := b.get("/dashboard/acme/account"); page.Status != http.StatusOK || !page.Has("used just now") {
			t.Errorf("afterwards: %d", page.Status)
		}
	})
}

func TestAnswersOfPasskeysAreChecked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		phone := s.signedIn(t, "marit@example.com").addPasskey(t, "Phone")
		b := s.browser(t)
		refused := func(name string, credential string) {
			t.Helper()
			got := b.passkey(credential)
			if got.Status == http.StatusSeeOther || got.Status >= http.StatusInternalServerError || b.get("/dashboard/acme/links").Status == http.StatusOK {
				t.Errorf("%s: %d", name, got.Status)
			}
		}
		first := phone.get(b.askPasskey(t))
		refused("an answer to an older question", phone.get(strings.Replace(b.askPasskey(t), `"challenge":"`, `"challenge":"AAAA`, 1)))
		b.askPasskey(t)
		refused("an answer to the question before", first)
		refused("an answer to no question", phone.get(`{"publicKey":{"challenge":"AAAA"}}`))
		b.askPasskey(t)
		refused("nonsense", "{}")
		b.askPasskey(t)
		refused("nothing", "")

		stranger := newDevice(t)
		stranger.id, stranger.user = phone.id, phone.user
		refused("another key", stranger.get(b.askPasskey(t)))
		phone.origin = "http://localhost.evil.example"
		refused("another site", phone.get(b.askPasskey(t)))
		phone.origin, phone.verified = "http://localhost", false
		refused("nobody looked at the finger", phone.get(b.askPasskey(t)))
		phone.verified = true
		phone.counter = 0 // a copy that signed less often
		refused("a copy", phone.get(b.askPasskey(t)))
		phone.counter = 10
		answer := phone.get(b.askPasskey(t))
		if got := b.passkey(answer); got.Status != http.StatusSeeOther {
			t.Fatalf("the true one: %d %s", got.Status, got.Said())
		}
		b = s.browser(t)
		b.askPasskey(t)
		refused("the same answer in another browser", answer)
	})
}

func TestARemovedPasskeyOpensNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		s.business(t, "zenith", "zoe@example.com")
		owner := s.signedIn(t, "marit@example.com")
		phone := owner.addPasskey(t, "Phone")
		found := regexp.MustCompile(`/account/passkeys/(pky_[a-z0-9]+)/remove`).FindStringSubmatch(owner.get("/dashboard/acme/account").Body)
		if found == nil {
			t.Fatal("it can't be removed")
		}
		if got := s.signedIn(t, "zoe@example.com").post("/dashboard/zenith/account/passkeys/"+found[1]+"/remove", nil); got.Status != http.StatusNotFound {
			t.Errorf("a stranger removes it: %d", got.Status)
		}
		for _, wrong := range []url.Values{nil, {"current_password": {"guess"}}} {
			if got := owner.post("/dashboard/acme/account/passkeys/"+found[1]+"/remove", wrong); got.Status != http.StatusUnprocessableEntity || !got.Has("This is not your password", "remove-"+found[1]+"-error") {
				t.Errorf("removing with %v: %d", wrong, got.Status)
			}
		}
		if got := owner.post("/dashboard/acme/account/passkeys/"+found[1]+"/remove", url.Values{"current_password": {password}}); got.Status != http.StatusSeeOther {
			t.Fatalf("removing: %d", got.Status)
		}
		b := s.browser(t)
		if got := b.passkey(phone.get(b.askPasskey(t))); got.Status == http.StatusSeeOther || !got.Has("was not accepted") {
			t.Errorf("afterwards: %d %s", got.Status, got.Said())
		}
	})
}

func TestAddingAPasskeyTakesThePasswordAndAnAnswerInTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newSite(t, d)
		s.business(t, "acme", "marit@example.com")
		b := s.signedIn(t, "marit@example.com")
		for _, c := range []struct{ name, password, wrong string }{{"Phone", "guess", "passkey-password"}, {" ", password, "passkey-name"}} {
			got := b.post("/dashboard/acme/account/passkeys/begin", url.Values{"name": {c.name}, "current_password": {c.password}})
			if got.Status != http.StatusUnprocessableEntity || !got.Has(`id="`+c.wrong+`-error"`) {
				t.Errorf("%+v: %d", c, got.Status)
			}
		}
		v := newDevice(t)
		answer := v.create(b.beginPasskey(t, "Phone"))
		other := s.signedIn(t, "marit@example.com")
		if got := other.post("/dashboard/acme/account/passkeys", url.Values{"credential": {answer}}); got.Status != http.StatusUnprocessableEntity || !got.Has("Try again") {
			t.Errorf("in a session that was not asked: %d", got.Status)
		}
		if got := b.post("/dashboard/acme/account/passkeys", url.Values{"credential": {answer}}); got.Status != http.StatusSeeOther {
			t.Fatalf("in time: %d %s", got.Status, got.Said())
		}
		if got := b.post("/dashboard/acme/account/passkeys", url.Values{"credential": {answer}}); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("again: %d", got.Status)
		}
		same := newDevice(t)
		same.id = v.id
		if got := b.post("/dashboard/acme/account/passkeys", url.Values{"credential": {same.create(b.beginPasskey(t, "Copy"))}}); got.Status != http.StatusUnprocessableEntity || !got.Has("known already") {
			t.Errorf("a key that is known: %d %s", got.Status, got.Said())
		}
		unverified := newDevice(t)
		unverified.verified = false
		if got := b.post("/dashboard/acme/account/passkeys", url.Values{"credential": {unverified.create(b.beginPasskey(t, "Bare"))}}); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("a key that asks for no finger: %d", got.Status)
		}
	})
}
