// Package account knows who may act: people who sign in, the businesses they
// are members of, and the API tokens of programs.
package account

import (
	"context"
	"io"
	"time"

	"smartlinks/internal/audit"
	"smartlinks/internal/business"
	"smartlinks/internal/db"
)

// UserID names a person who signs in: "usr_…".
type UserID string

// Role is what a member may do in a business.
type Role string

// The roles. An owner may do everything, an admin all but handing the business
// over, staff the daily work.
const (
	Owner Role = "owner"
	Admin Role = "admin"
	Staff Role = "staff"
)

// User is a person who signs in. One person may belong to several businesses.
type User struct {
	ID        UserID
	Email     string // as typed
	Name      string
	CreatedAt time.Time
	TwoStep   bool   // signing in takes a code besides the password
	Epoch     int64  // moves on when what signs them in changes
	Language  string // of the dashboard and of mails to them, one of i18n.Codes; "" follows their browser
}

// Member is a user in a business.
type Member struct {
	User
	BusinessID business.ID
	Role       Role
}

// Membership is a business that a user may work in.
type Membership struct {
	BusinessID business.ID `db:"business_id"`
	Handle     string      `db:"handle"`
	Name       string      `db:"name"`
	Role       Role        `db:"role"`
}

// Accounts is the store of users, members and tokens. It is safe for
// concurrent use.
type Accounts struct {
	*Throttle
	db        *db.DB
	log       *audit.Log
	random    io.Reader
	passwords *passwords
	listeners []func(ctx context.Context, tx *db.Tx, e Event) error
}

// New returns the store. Tokens are made from random. limits switches the
// throttles on.
func New(d *db.DB, random io.Reader, limits bool) *Accounts {
	return NewWithCost(d, random, limits, usualCost())
}

// NewWithCost is New for tests, which sign in by the hundred and can't wait for
// each.
func NewWithCost(d *db.DB, random io.Reader, limits bool, c Cost) *Accounts {
	return &Accounts{Throttle: NewThrottle(d, limits), db: d, log: audit.New(d), random: random, passwords: newPasswords(c)}
}
