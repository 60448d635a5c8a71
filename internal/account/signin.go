package account

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"strings"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/secret"
)

// The limits of wrong passwords. Ten for an account leave a guesser a thousand
// a day; thirty for an address leave room for an office behind one.
const (
	perAccount   = 10
	perAddress   = 30
	signInWindow = 15 * time.Minute
)

// SignIn returns the user with this e-mail address and password. Errors:
// Unauthenticated, which doesn't tell which of the two was wrong, neither in
// words nor by the time it takes; TooMany after too many wrong ones for the
// account or from the address ip.
func (a *Accounts) SignIn(ctx context.Context, ip, email, password string) (User, error) {
	folded := strings.ToLower(strings.TrimSpace(email))
	if address, err := mailaddr.Parse(email); err == nil {
		folded = address.Folded
	}
	var u User
	err := a.guess(ctx, []bucket{addressBucket(ip), {"sign-in account " + secret.Hash(folded), perAccount}}, func() (err error) {
		u, err = a.authenticate(ctx, folded, password)
		return err
	})
	return u, err
}

// bucket is what guesses are counted in, and how many wrong ones fit.
type bucket struct {
	name  string
	limit int
}

func addressBucket(ip string) bucket {
	return bucket{"sign-in address " + secret.Hash(network(ip)), perAddress}
}

// guess lets somebody try a secret, unless too many tries in these buckets were
// wrong. All are counted before check looks at the secret, so that guesses sent
// all at once count as well; a right one is taken back.
func (a *Accounts) guess(ctx context.Context, buckets []bucket, check func() error) error {
	for _, b := range buckets {
		retryAfter, ok, err := a.Allow(ctx, b.name, b.limit, signInWindow)
		if err != nil {
			return err
		}
		if !ok {
			return tooMany(retryAfter)
		}
	}
	if err := check(); err != nil {
		return err
	}
	for _, b := range buckets {
		if err := a.giveBack(ctx, b.name); err != nil {
			return err
		}
	}
	return nil
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
