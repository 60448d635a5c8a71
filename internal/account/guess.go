package account

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"smartlinks/internal/audit"
	"smartlinks/internal/db"
	"smartlinks/internal/secret"
)

// bucket is what guesses are counted in. Some wrong ones are free; each one more
// doubles the wait until the next is looked at, from the first wait to the longest.
// Waits end by themselves, so that nobody is locked out. After an hour without a
// wrong guess all are free again.
type bucket struct {
	name           string
	free           int
	first, longest time.Duration
	shared         bool // with others: a right guess takes back its own count alone
}

// quietTime is how long wrong guesses are remembered behind the last.
const quietTime = time.Hour

// The paces of guessing. An account is guessed at by ten tries from one network and
// then one each quarter of an hour. From all networks together, NIST SP 800-63B, 5.2.2,
// allows a hundred; then each new browser takes its turn within a minute, which
// leaves a guesser 1,440 a day and locks nobody out.
const (
	perAccount   = 10
	perNetwork   = 30 // leaves room for an office behind one address
	perBrowser   = 10
	perEverybody = 100
	// perCode bounds wrong codes of the second step: of a million, three are right at
	// a time.
	perCode = 5

	firstWait        = 30 * time.Second
	longestWait      = 15 * time.Minute
	everybodyLongest = time.Minute
)

// mine is a bucket of one account, browser or session.
func mine(name string, free int) bucket {
	return bucket{name: name, free: free, first: firstWait, longest: longestWait}
}

// networkBucket counts the guesses that one network makes at any account.
func networkBucket(ip string) bucket {
	return bucket{name: "network " + secret.Hash(network(ip)), free: perNetwork, first: firstWait, longest: longestWait, shared: true}
}

// accountBuckets begin the names of what counts guesses at a password, so that a new
// one lifts them all.
func accountBuckets(folded string) string { return "password " + secret.Hash(folded) + " " }

// passwordBuckets count guesses at the password of an account. A trusted browser has
// one of its own: whatever others guess, it never waits for them.
func (a *Accounts) passwordBuckets(ctx context.Context, at Visitor, folded string) ([]bucket, error) {
	of := accountBuckets(folded)
	trusted, err := a.trusts(ctx, at.Browser, folded)
	if err != nil {
		return nil, err
	}
	if trusted {
		return []bucket{mine(of+"browser "+secret.Hash(at.Browser), perBrowser)}, nil
	}
	return []bucket{
		mine(of+"network "+secret.Hash(network(at.IP)), perAccount),
		{name: of + "everybody", free: perEverybody, first: time.Second, longest: everybodyLongest, shared: true},
		networkBucket(at.IP),
	}, nil
}

// guess lets somebody try a secret, unless one of the buckets makes them wait. All
// are counted before check looks at the secret, so that guesses sent all at once
// count as well, and all or none: what one bucket refuses uses nothing up in others.
// A right one is taken back.
func (a *Accounts) guess(ctx context.Context, buckets []bucket, check func() error) error {
	ctx = audit.Aside(ctx)
	if a.on {
		if err := a.count(ctx, buckets); err != nil {
			return err
		}
	}
	if err := check(); err != nil || !a.on {
		return err
	}
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		for _, b := range buckets {
			statement := `DELETE FROM throttles WHERE bucket = $1`
			if b.shared {
				statement = `UPDATE throttles SET hits = hits - 1, open_at = 0 WHERE bucket = $1 AND hits > 0`
			}
			if _, err := tx.Exec(ctx, statement, b.name); err != nil {
				return err
			}
		}
		return nil
	})
}

// count counts one guess in each bucket, or refuses with TooMany and counts none.
func (a *Accounts) count(ctx context.Context, buckets []bucket) error {
	// In one order for all, so that no two wait for each other.
	slices.SortFunc(buckets, func(x, y bucket) int { return strings.Compare(x.name, y.name) })
	now := a.db.Clock().Wall()
	// What must wait costs a read and no write.
	for _, b := range buckets {
		if err := mustWait(ctx, a.db, b, now); err != nil {
			return err
		}
	}
	return a.db.InTx(ctx, func(tx *db.Tx) error {
		for _, b := range buckets {
			var hits int64
			err := tx.Get(ctx, &hits, `
				INSERT INTO throttles (bucket, hits, window_until) VALUES ($1, 1, $2)
				ON CONFLICT (bucket) DO UPDATE SET window_until = excluded.window_until,
					hits = CASE WHEN throttles.window_until > $3 THEN throttles.hits + 1 ELSE 1 END
				WHERE throttles.open_at <= $3
				RETURNING hits`, b.name, db.At(now.Add(quietTime+b.longest)), db.At(now))
			if errors.Is(err, db.ErrNoRows) { // somebody else's guess came between
				return mustWait(ctx, tx, b, now)
			}
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE throttles SET open_at = $2 WHERE bucket = $1`, b.name, db.At(now.Add(b.wait(hits)))); err != nil {
				return err
			}
		}
		return nil
	})
}

// wait is how long nothing is looked at behind so many guesses.
func (b bucket) wait(hits int64) time.Duration {
	over := hits - int64(b.free)
	if over < 0 {
		return 0
	}
	wait := b.first
	for ; over > 0 && wait < b.longest; over-- {
		wait *= 2
	}
	return min(wait, b.longest)
}

// mustWait is TooMany while the bucket lets nobody try.
func mustWait(ctx context.Context, from db.Reader, b bucket, now time.Time) error {
	var r struct {
		OpenAt db.Time `db:"open_at"`
	}
	err := from.Get(ctx, &r, `SELECT open_at FROM throttles WHERE bucket = $1 AND open_at > $2`, b.name, db.At(now))
	if errors.Is(err, db.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return tooMany(r.OpenAt.Sub(now))
}

// lift ends the waits for an account's password.
func lift(ctx context.Context, tx *db.Tx, u User) error {
	_, err := tx.Exec(ctx, `DELETE FROM throttles WHERE bucket LIKE $1 OR bucket = $2`, accountBuckets(foldedAddress(u.Email))+"%", confirmBucket(u.ID).name)
	return err
}
