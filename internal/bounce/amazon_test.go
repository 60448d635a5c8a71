package bounce_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"sync"
	"testing"
	"time"
)

// amazon is Amazon SNS: it has a certificate, signs messages and is asked to confirm
// subscriptions. It answers as an http.RoundTripper.
type amazon struct {
	key         *rsa.PrivateKey
	certificate []byte

	mu    sync.Mutex
	asked []string
}

const (
	certURL = "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-9c6465fa.pem"
	topic   = "arn:aws:sns:eu-west-1:123456789012:mail"
	confirm = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=" + topic + "&Token=2336412f"
)

func newAmazon(t testing.TB) *amazon {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sns.amazonaws.com"}, NotBefore: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return &amazon{key: key, certificate: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}
}

// RoundTrip implements http.RoundTripper.
func (a *amazon) RoundTrip(r *http.Request) (*http.Response, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, r.URL.String())
	answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(nil))}
	if r.URL.String() == certURL {
		answer.Body = io.NopCloser(bytes.NewReader(a.certificate))
	}
	return answer, nil
}

// requests are what it was asked.
func (a *amazon) requests() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.asked...)
}

// sign makes the body of a message. What change says is changed after it was signed.
func (a *amazon) sign(t testing.TB, version string, m map[string]string, change ...func(map[string]string)) []byte {
	t.Helper()
	m["MessageId"], m["Timestamp"], m["SignatureVersion"], m["SigningCertURL"] = "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324", "2026-11-30T07:00:00.000Z", version, certURL
	if m["TopicArn"] == "" {
		m["TopicArn"] = topic
	}
	names := []string{"Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"}
	if m["Type"] != "Notification" {
		names = []string{"Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"}
	}
	text := ""
	for _, name := range names {
		if value, given := m[name]; given {
			text += name + "\n" + value + "\n"
		}
	}
	kind, sum := crypto.SHA256, []byte(nil)
	if version == "1" {
		short := sha1.Sum([]byte(text))
		kind, sum = crypto.SHA1, short[:]
	} else {
		long := sha256.Sum256([]byte(text))
		sum = long[:]
	}
	signature, err := rsa.SignPKCS1v15(rand.Reader, a.key, kind, sum)
	if err != nil {
		t.Fatal(err)
	}
	m["Signature"] = base64.StdEncoding.EncodeToString(signature)
	for _, f := range change {
		f(m)
	}
	body, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// bounce is what Amazon SES says of a mail that came back.
func bounceOf(kind, to, status, said, id string) string {
	text, _ := json.Marshal(map[string]any{
		"notificationType": "Bounce",
		"bounce": map[string]any{
			"bounceType": kind, "bounceSubType": "General", "timestamp": "2026-11-30T07:00:00.000Z", "feedbackId": "00000138",
			"bouncedRecipients": []map[string]string{{"emailAddress": to, "action": "failed", "status": status, "diagnosticCode": said}},
		},
		"mail": map[string]any{
			"messageId": "00000138111222aa-33322211", "destination": []string{to}, "headersTruncated": false,
			"headers":       []map[string]string{{"name": "Message-ID", "value": "<" + id + ">"}},
			"commonHeaders": map[string]any{"messageId": "<" + id + ">", "to": []string{to}},
		},
	})
	return string(text)
}

// told is an event of Amazon SES of another kind, by its published events.
func told(event, member string, what map[string]any, id string) string {
	text, _ := json.Marshal(map[string]any{
		"eventType": event, member: what,
		"mail": map[string]any{"messageId": "00000138111222aa-33322211", "commonHeaders": map[string]any{"messageId": "<" + id + ">"}},
	})
	return string(text)
}
