// Package grant is what members allow assistants: access to one business, within scopes,
// for as long as the membership lasts. It keeps grants and their tokens by OAuth 2.1
// (draft-ietf-oauth-v2-1), for clients without a secret.
package grant

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/audit"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// ID names a grant: "gra_…".
type ID string

// How long what is handed out is good for, by the wall. A refresh token is replaced with
// each use, so that an assistant that is in use stays connected.
const (
	codeLife    = 2 * time.Minute
	AccessLife  = time.Hour
	refreshLife = 60 * 24 * time.Hour
)

// The kinds of tokens.
const (
	code    = "code"
	access  = "access"
	refresh = "refresh"
)

// Grants keeps the grants of all businesses. It is safe for concurrent use.
type Grants struct {
	db    *db.DB
	audit *audit.Log
	// throttle bounds registrations and fetched documents.
	throttle *account.Throttle
	// fetch gets the documents of clients.
	fetch *http.Client
	// private says that documents may be on private addresses, by http.
	private bool
}

// Config is what grants are made of.
type Config struct {
	DB    *db.DB
	Audit *audit.Log
	// Limits switches throttles on.
	Limits bool
	// Private lets documents of clients lie on private addresses.
	Private bool
}

// New returns the grants in the database.
func New(c Config) *Grants {
	return &Grants{db: c.DB, audit: c.Audit, throttle: account.NewThrottle(c.DB, c.Limits), fetch: fetcher(c.Private), private: c.Private}
}

// Grant is what a member has allowed an assistant.
type Grant struct {
	ID         ID
	BusinessID business.ID
	UserID     account.UserID
	Member     string // their name
	ClientID   string
	ClientName string
	Scopes     account.Scopes // as allowed; what is in force is never more than the role has
	Drafts     bool           // links that it makes stay inactive until a member switches them on
	CreatedAt  time.Time
	LastUsedAt *time.Time
	Calls      int64 // of tools, in the last 30 days
}

// Scopes are those that an assistant can be allowed, in the order in which they are shown.
func Scopes() account.Scopes {
	return account.Scopes{account.LinksRead, account.CustomersRead, account.PaymentsRead, account.LinksWrite, account.CustomersWrite, account.PaymentsWrite}
}

// Within are those of the scopes that a member with the role has themselves: staff gives
// no money back.
func Within(role account.Role, scopes account.Scopes) (within account.Scopes) {
	for _, s := range Scopes() {
		if slices.Contains(scopes, s) && (s != account.PaymentsWrite || role.MayManage()) {
			within = append(within, s)
		}
	}
	return within
}

// challengeOf is the S256 challenge of a verifier (RFC 7636, 4.2).
func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
