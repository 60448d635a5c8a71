package visit

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"net/netip"
	"slices"
	"sync"
	"time"

	"smartlinks/internal/db"
)

// A visitor is told from others for a day of the business, without anything
// that tells who it is: a hash of address, browser and target with a salt that
// is drawn for the day and thrown away after it. Then nobody can say any more
// which address a hash came from, nor that two days saw the same person. The
// number is the day's, then visitorBits of the hash.
const visitorBits = 47

// saltBytes is the length of a salt: more than can be tried.
const saltBytes = 32

// keptDays is how long a salt is kept: a calendar day lasts 50 hours from its
// first to its last time zone.
const keptDays = 3

// DayOf numbers the calendar day that the instant has in its own zone, from
// 1 January 2020.
func DayOf(at time.Time) int64 {
	date := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	return (date.UnixMicro() - epoch) / (24 * time.Hour).Microseconds()
}

// salts are the salts of the last days, as read.
type salts struct {
	mu sync.Mutex
	by map[int64][]byte
}

// Visitor is who opened a page, for View.Visitor: the same number for the same
// address and browser at the same target on one calendar day of the zone, and 0
// where that cannot be told.
func (r *Recorder) Visitor(ctx context.Context, at time.Time, targetID string, address netip.Addr, agent string) int64 {
	day := DayOf(at)
	salt, err := r.salt(ctx, day)
	if err != nil {
		r.log.WarnContext(ctx, "read the salt of the day", "error", err)
		return 0
	}
	// The salt has one length, and a part of the sum is no start of another's.
	sum := sha256.Sum256(slices.Concat(salt, []byte(targetID), separator, address.AppendTo(nil), separator, []byte(agent)))
	return VisitorNumber(day, int64(binary.BigEndian.Uint64(sum[:])>>1))
}

var separator = []byte{0}

// VisitorNumber is the number of a visitor of the day whose hash is not negative.
func VisitorNumber(day, hash int64) int64 { return day<<visitorBits | hash&(1<<visitorBits-1) }

// salt is the day's, drawn by the process that asks first.
func (r *Recorder) salt(ctx context.Context, day int64) ([]byte, error) {
	r.salts.mu.Lock()
	defer r.salts.mu.Unlock()
	if salt := r.salts.by[day]; salt != nil {
		return salt, nil
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var kept string
	err := r.d.Get(ctx, &kept, `SELECT salt FROM visitor_salts WHERE day = $1`, day)
	if errors.Is(err, db.ErrNoRows) {
		kept, err = r.drawSalt(ctx, day)
	}
	if err != nil {
		return nil, err
	}
	salt, err := hex.DecodeString(kept)
	if err != nil {
		return nil, err
	}
	if r.salts.by == nil || len(r.salts.by) > 2*keptDays {
		r.salts.by = map[int64][]byte{}
	}
	r.salts.by[day] = salt
	return salt, nil
}

// drawSalt makes the day's salt, unless another process was quicker.
func (r *Recorder) drawSalt(ctx context.Context, day int64) (salt string, err error) {
	drawn := make([]byte, saltBytes)
	if _, err := io.ReadFull(r.d.Random(), drawn); err != nil {
		return "", err
	}
	err = r.d.InTx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO visitor_salts (day, salt) VALUES ($1, $2) ON CONFLICT DO NOTHING`, day, hex.EncodeToString(drawn)); err != nil {
			return err
		}
		return tx.Get(ctx, &salt, `SELECT salt FROM visitor_salts WHERE day = $1`, day)
	})
	return salt, err
}

// addVisitors stores the visitors among the views and returns those that were not seen
// before, in their order so that batches don't wait for each other in a circle.
func addVisitors(ctx context.Context, tx *db.Tx, views []View) (map[int64]bool, error) {
	var all []int64
	for _, v := range views {
		if v.Class == Human && v.Visitor != 0 {
			all = append(all, v.Visitor)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	fresh := map[int64]bool{}
	for len(all) > 0 {
		n := chunkSize(len(all))
		arguments := make([]any, n)
		for i, visitor := range all[:n] {
			arguments[i] = visitor
		}
		var stored []int64
		if err := tx.Select(ctx, &stored, greetStatements[n], arguments...); err != nil {
			return nil, err
		}
		for _, visitor := range stored {
			fresh[visitor] = true
		}
		all = all[n:]
	}
	return fresh, nil
}

// greetStatements are the statements by the number of their rows.
var greetStatements = bySize(func(size int) string {
	return "INSERT INTO visitors (id) VALUES " + rowsOf(size, 1) + " ON CONFLICT DO NOTHING RETURNING id"
})

// DeleteOldVisitors throws away what told the visitors of past days from each
// other. Their numbers stay counted.
func DeleteOldVisitors(ctx context.Context, d *db.DB) error {
	past := DayOf(d.Clock().Now()) - keptDays
	_, err := d.InChunks(ctx, deleteChunk, func(tx *db.Tx, most int64) (int64, error) {
		if _, err := tx.Exec(ctx, `DELETE FROM visitor_salts WHERE day <= $1`, past); err != nil {
			return 0, err
		}
		return tx.Exec(ctx, `DELETE FROM visitors WHERE id IN (SELECT id FROM visitors WHERE id < $1 ORDER BY id LIMIT $2)`, (past+1)<<visitorBits, most)
	})
	return err
}
