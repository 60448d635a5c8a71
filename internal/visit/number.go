package visit

import (
	"context"
	"sync"
	"time"

	"smartlinks/internal/db"
)

// A view's id is the microseconds since epoch, then nodeBits that name the
// process. It sorts by time, fits a BIGINT until the year 2305, and two
// processes never make the same one.
const nodeBits = 10

var epoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()

// IDAt is the lowest id that a view of the instant can have.
func IDAt(at time.Time) int64 { return (at.UnixMicro() - epoch) << nodeBits }

// TimeOf is the instant within an id.
func TimeOf(id int64) time.Time { return time.UnixMicro(id>>nodeBits + epoch).UTC() }

// numberer gives rising ids.
type numberer struct {
	mu   sync.Mutex
	node int64
	last int64 // microseconds since epoch
}

// newNumberer takes a number for this process from the database, so that no
// two that run at once share one. After 1,024 starts numbers come again, long
// after their first owner ended.
func newNumberer(ctx context.Context, d *db.DB) (*numberer, error) {
	var n int64
	err := d.InTx(ctx, func(tx *db.Tx) error {
		return tx.Get(ctx, &n, `UPDATE installation SET nodes = nodes + 1 RETURNING nodes`)
	})
	return &numberer{node: n % (1 << nodeBits)}, err
}

// next is an id for the instant; when the clock stands or goes back, ids still
// rise.
func (n *numberer) next(at time.Time) int64 {
	micros := at.UnixMicro() - epoch
	n.mu.Lock()
	defer n.mu.Unlock()
	n.last = max(micros, n.last+1)
	return n.last<<nodeBits | n.node
}
