package account

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
)

// signInWindow is that of what is counted besides guesses.
const signInWindow = 15 * time.Minute

// SignIn returns the user with this e-mail address and password. Errors:
// Unauthenticated, which doesn't tell which of the two was wrong, neither in
// words nor by the time it takes; TooMany, with the time to wait, after many wrong
// ones for the account from that network, from the network for any account, or from
// that browser.
func (a *Accounts) SignIn(ctx context.Context, at Visitor, email, password string) (User, error) {
	folded := foldedAddress(email)
	buckets, err := a.passwordBuckets(ctx, at, folded)
	if err != nil {
		return User{}, err
	}
	var u User
	err = a.guess(ctx, buckets, func() (err error) {
		u, err = a.authenticate(ctx, folded, password)
		return err
	})
	if fault.Is(err, fault.Unauthenticated) {
		if noted := a.refused(ctx, folded, triedPassword); noted != nil {
			return User{}, noted
		}
	}
	return u, err
}

func (a *Accounts) authenticate(ctx context.Context, folded, password string) (User, error) {
	r, err := userByEmail(ctx, a.db, folded)
	if errors.Is(err, db.ErrNoRows) {
		r.Hash, err = a.passwords.unknown(), nil
	}
	if err != nil {
		return User{}, err
	}
	match, err := a.passwords.matches(ctx, password, r.Hash)
	if err != nil {
		return User{}, err
	}
	if !match || r.ID == "" {
		return User{}, fault.New(fault.Unauthenticated, "This email address and password don't belong together. Check both and try again.")
	}
	return r.user(), nil
}

// network is what one visitor may vary at will counted as one: an IPv4
// address, or the 64 bits that a customer of an IPv6 provider gets at least.
func network(ip string) string {
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return ip
	}
	address = address.Unmap()
	if address.Is4() {
		return address.String()
	}
	prefix, err := address.WithZone("").Prefix(64)
	if err != nil {
		return ip
	}
	return prefix.String()
}

func tooMany(retryAfter time.Duration) error {
	minutes := int(math.Ceil(retryAfter.Minutes()))
	when := "in a minute"
	if minutes > 1 {
		when = fmt.Sprintf("in %d minutes", minutes)
	}
	return fault.New(fault.TooMany, "There were too many attempts. Try again "+when+".")
}
