package history_test

import (
	"testing"
	"time"

	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/payment/history"
	"smartlinks/internal/payment/paymenttest"
)

// The inbox shows twenty-five at a time, the newest first, and says when there are no more.
func TestTheInboxIsReadInPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := paymenttest.MustWorld(t, d)
		put := func() (id string) {
			w.Moved += time.Second
			d.Clock().SetOffset(w.Moved)
			if err := d.InTx(t.Context(), func(tx *db.Tx) (err error) {
				if id, err = tx.NewID("inb"); err != nil {
					return err
				}
				return tx.Queue(t.Context(), db.Exec(nil, `INSERT INTO webhook_inbox (id, business_id, provider, event, object, body, received_at) VALUES ($1, $2, 'sandbox', $1, '', '', 0)`, id, w.Business.ID))
			}); err != nil {
				t.Fatal(err)
			}
			return id
		}
		page := func(cursor string, want int, first string) (next string) {
			t.Helper()
			hooks, next, err := w.Payments.Inbox(t.Context(), w.Business.ID, history.InboxFilter{Cursor: cursor, State: history.HookWaiting})
			if err != nil || len(hooks) != want || hooks[0].ID != first {
				t.Errorf("%d of %d, from %s: %v", len(hooks), want, hooks[0].ID, err)
			}
			return next
		}
		oldest, newest := put(), ""
		for range 24 {
			newest = put()
		}
		if next := page("", 25, newest); next != "" {
			t.Errorf("behind the last is %q", next)
		}
		newest = put()
		if next := page(page("", 25, newest), 1, oldest); next != "" {
			t.Errorf("behind the last is %q", next)
		}
		if _, _, err := w.Payments.Inbox(t.Context(), w.Business.ID, history.InboxFilter{Cursor: "pay_1"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a cursor of something else: %v", err)
		}
	})
}
