package service

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"smartlinks/internal/outbound"
)

// Notice is a message of Amazon SNS whose signature fits.
type Notice struct {
	Topic   string // its ARN
	Message string // of a notification
	// Confirm is the address that confirms a subscription; "" for a notification.
	Confirm string
}

// errSignature says that nothing proves a message to be of Amazon SNS.
var errSignature = errors.New("service: this is not signed by Amazon SNS")

const (
	fetchTime    = 10 * time.Second
	fetchBytes   = 64 << 10
	maxHeader    = 32 << 10
	keptKeys     = 16
	keptKeysFor  = 24 * time.Hour
	snsMessage   = "Notification"
	snsSubscribe = "SubscriptionConfirmation"
)

// SNS checks messages of Amazon SNS. It is safe for concurrent use.
type SNS struct {
	client *http.Client
	now    func() time.Time

	mu   sync.Mutex
	keys map[string]signingKey // by the address of the certificate
}

// signingKey is the key of a certificate, and until when it is kept.
type signingKey struct {
	key   *rsa.PublicKey
	until time.Time
}

// NewSNS returns what checks messages. Without a client certificates are fetched from
// public addresses alone, without redirect or proxy.
func NewSNS(client *http.Client, now func() time.Time) *SNS {
	if client == nil {
		client = outbound.Client{Timeout: fetchTime, Header: maxHeader}.New()
	}
	return &SNS{client: client, now: now, keys: map[string]signingKey{}}
}

// Read returns a message whose signature fits (docs.aws.amazon.com/sns, "Verifying the
// signatures of Amazon SNS messages"): version 1 over SHA-1, version 2 over SHA-256.
func (s *SNS) Read(ctx context.Context, body []byte) (Notice, error) {
	var m struct {
		Type, MessageID, Token, TopicArn, Subject, Message, SubscribeURL, Timestamp, SignatureVersion, Signature, SigningCertURL string
	}
	if err := json.Unmarshal(body, &m); err != nil {
		return Notice{}, errForm
	}
	fields := [][2]string{{"Message", m.Message}, {"MessageId", m.MessageID}}
	switch m.Type {
	case snsMessage:
		if m.Subject != "" {
			fields = append(fields, [2]string{"Subject", m.Subject})
		}
		fields = append(fields, [][2]string{{"Timestamp", m.Timestamp}, {"TopicArn", m.TopicArn}, {"Type", m.Type}}...)
	case snsSubscribe:
		fields = append(fields, [][2]string{{"SubscribeURL", m.SubscribeURL}, {"Timestamp", m.Timestamp}, {"Token", m.Token}, {"TopicArn", m.TopicArn}, {"Type", m.Type}}...)
	default:
		return Notice{}, errForm
	}
	var signed strings.Builder
	for _, f := range fields {
		signed.WriteString(f[0] + "\n" + f[1] + "\n")
	}
	signature, err := base64.StdEncoding.DecodeString(m.Signature)
	if err != nil {
		return Notice{}, errSignature
	}
	key, err := s.key(ctx, m.SigningCertURL)
	if err != nil {
		return Notice{}, err
	}
	if !fits(key, m.SignatureVersion, signed.String(), signature) {
		return Notice{}, errSignature
	}
	n := Notice{Topic: m.TopicArn, Message: m.Message}
	if m.Type == snsSubscribe {
		n.Message, n.Confirm = "", m.SubscribeURL
	}
	return n, nil
}

func fits(key *rsa.PublicKey, version, signed string, signature []byte) bool {
	switch version {
	case "1":
		sum := sha1.Sum([]byte(signed))
		return rsa.VerifyPKCS1v15(key, crypto.SHA1, sum[:], signature) == nil
	case "2":
		sum := sha256.Sum256([]byte(signed))
		return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) == nil
	}
	return false
}

// host is one of Amazon SNS, in a region of its.
var host = regexp.MustCompile(`^sns\.[a-z0-9-]{3,40}\.amazonaws\.com(\.cn)?$`)

// amazons reports whether an address leads to Amazon SNS itself.
func amazons(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.User == nil && u.Port() == "" && host.MatchString(u.Host)
}

// key is the public key of the certificate at an address of Amazon's.
func (s *SNS) key(ctx context.Context, address string) (*rsa.PublicKey, error) {
	if !amazons(address) || !strings.HasSuffix(address, ".pem") {
		return nil, errSignature
	}
	s.mu.Lock()
	known, found := s.keys[address]
	s.mu.Unlock()
	if found && s.now().Before(known.until) {
		return known.key, nil
	}
	text, err := s.get(ctx, address)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errSignature
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil || s.now().Before(certificate.NotBefore) || s.now().After(certificate.NotAfter) {
		return nil, errSignature
	}
	key, ok := certificate.PublicKey.(*rsa.PublicKey)
	if !ok {
		return nil, errSignature
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.keys) >= keptKeys {
		clear(s.keys)
	}
	s.keys[address] = signingKey{key, s.now().Add(keptKeysFor)}
	return key, nil
}

// Confirm says to Amazon SNS that a subscription is wanted.
func (s *SNS) Confirm(ctx context.Context, n Notice) error {
	if !amazons(n.Confirm) {
		return errSignature
	}
	_, err := s.get(ctx, n.Confirm)
	return err
}

func (s *SNS) get(ctx context.Context, address string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errSignature
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("service: ask Amazon SNS: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("service: Amazon SNS answered %d", answer.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(answer.Body, fetchBytes))
	if err != nil {
		return nil, fmt.Errorf("service: read what Amazon SNS answered: %w", err)
	}
	return text, nil
}

// Forged reports whether an error says that a message can't be believed, and not that
// Amazon could not be asked.
func Forged(err error) bool { return errors.Is(err, errSignature) || errors.Is(err, errForm) }
