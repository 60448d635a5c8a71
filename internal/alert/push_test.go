package alert_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"smartlinks/internal/alert"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/message"
	"smartlinks/internal/payment/sandbox"
)

// device is a browser's side of web push.
type device struct {
	key  *ecdh.PrivateKey
	auth []byte
}

func newDevice(t *testing.T) device {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	auth := make([]byte, 16)
	_, _ = rand.Read(auth)
	return device{key, auth}
}

// open decrypts a message as RFC 8291, section 3.4, and RFC 8188 say.
func (d device) open(t *testing.T, message []byte) []byte {
	t.Helper()
	salt, size, n := message[:16], binary.BigEndian.Uint32(message[16:20]), int(message[20])
	if size > 4096 || len(message) > 4096 {
		t.Errorf("a record of %d bytes in a message of %d, want at most 4096", size, len(message))
	}
	public, err := ecdh.P256().NewPublicKey(message[21 : 21+n])
	if err != nil {
		t.Fatal(err)
	}
	shared, err := d.key.ECDH(public)
	if err != nil {
		t.Fatal(err)
	}
	derive := func(secret, salt []byte, info string, n int) []byte {
		key, err := hkdf.Key(sha256.New, secret, salt, info, n)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	ikm := derive(shared, d.auth, "WebPush: info\x00"+string(d.key.PublicKey().Bytes())+string(public.Bytes()), 32)
	block, err := aes.NewCipher(derive(ikm, salt, "Content-Encoding: aes128gcm\x00", 16))
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gcm.Open(nil, derive(ikm, salt, "Content-Encoding: nonce\x00", 12), message[21+n:], nil)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.TrimRight(string(plain), "\x00")
	if !strings.HasSuffix(text, "\x02") {
		t.Fatal("the last record does not end as it should")
	}
	return []byte(text[:len(text)-1])
}

func TestDevicesAreToldByWebPush(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, phone := mustWorld(t, d), newDevice(t)
		raw := base64.RawURLEncoding
		w.must(w.Alerts.Prepare(t.Context()))
		public, err := w.Alerts.PublicKey(t.Context())
		w.must(err)
		w.must(w.Alerts.Add(t.Context(), w.acme, w.owner, alert.Draft{
			Kind: alert.Push, Name: "Phone", URL: w.URL + "/push/1", P256dh: raw.EncodeToString(phone.key.PublicKey().Bytes()), Auth: raw.EncodeToString(phone.auth), News: []message.News{message.NewsPaid},
		}))
		w.must(w.Due(t.Context()))
		w.take()
		w.pay(sandbox.Paid)
		got := w.take()
		if len(got) != 1 || got[0].Header.Get("TTL") == "" || got[0].Header.Get("Content-Encoding") != "aes128gcm" {
			t.Fatalf("the push service heard %+v, want one message", got)
		}
		var said struct{ Title, Text, URL string }
		w.must(json.Unmarshal(phone.open(t, got[0].Body), &said))
		if said.Title != w.acme.Name || !strings.Contains(said.Text, "Sanne Visser") || !strings.Contains(said.URL, "/transactions/") {
			t.Errorf("the phone shows %+v", said)
		}
		// RFC 8292: a token for this push service, signed by the key that the browser was given.
		token, key, _ := strings.Cut(strings.TrimPrefix(got[0].Header.Get("Authorization"), "vapid t="), ", k=")
		if key != public {
			t.Error("the message names another key than the browser was given")
		}
		point, err := raw.DecodeString(public)
		w.must(err)
		claims := jwt.MapClaims{}
		_, err = jwt.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) {
			return ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
		}, jwt.WithValidMethods([]string{"ES256"}), jwt.WithAudience(w.URL), jwt.WithExpirationRequired())
		if err != nil || !strings.HasPrefix(claims["sub"].(string), "mailto:") {
			t.Errorf("the token says %v: %v", claims, err)
		}
		// The browser is gone: so is the device.
		w.answer(http.StatusGone)
		w.pay(sandbox.Paid)
		if all, err := w.Alerts.Channels(t.Context(), w.acme.ID, w.owner); err != nil || len(all) != 0 {
			t.Errorf("behind a 410 there are %v, %v", all, err)
		}
	})
}

// Processes that start together make one key, and keep it: with another one every device
// would have to subscribe anew.
func TestOneKeyOfWebPushIsMade(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := mustWorld(t, d)
		key := func() string {
			t.Helper()
			public, err := w.Alerts.PublicKey(t.Context())
			w.must(err)
			return public
		}
		if key() != "" {
			t.Error("looking made a key")
		}
		var starts sync.WaitGroup
		for range 8 {
			starts.Go(func() {
				if err := w.Alerts.Prepare(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		starts.Wait()
		first := key()
		w.must(w.Alerts.Prepare(t.Context()))
		var pairs int
		w.must(d.Get(t.Context(), &pairs, `SELECT COUNT(*) FROM push_keys`))
		if first == "" || key() != first || pairs != 1 {
			t.Errorf("%d pairs, the first %q, then %q: want one that stays", pairs, first, key())
		}
	})
}
