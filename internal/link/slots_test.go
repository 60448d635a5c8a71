package link_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
)

// limited is a link that takes max payments.
func limited(max int64) link.Draft {
	d := draft("Limited")
	d.Limit = link.Limit{Kind: link.Multiple, Max: max}
	return d
}

func TestNeverMoreHoldsThanTheLimit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, limit := range []int64{1, 7} {
			l := w.make(t, limited(limit))
			var held atomic.Int64
			var crowd sync.WaitGroup
			for range 40 {
				crowd.Go(func() {
					err := w.hold(t.Context(), l.ID)
					if err == nil {
						held.Add(1)
					} else if !fault.Is(err, fault.SlotTaken) {
						t.Error(err)
					}
				})
			}
			crowd.Wait()
			if got := w.get(t, l.ID).Slots; held.Load() != limit || got.Held != limit || got.Used != 0 {
				t.Errorf("40 payers on %d: %d hold, the row says %+v", limit, held.Load(), got)
			}
		}
	})
}

// The slots agree with a plain count after any history, and a hold is refused
// exactly when the limit says so.
func TestSlotsFollowAPlainCount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rapid.Check(t, func(r *rapid.T) {
			m := &slots{w: w, t: t, limit: link.Limit{Kind: link.Multiple, Max: rapid.Int64Range(1, 5).Draw(r, "limit")}}
			m.id = w.make(t, limited(m.limit.Max)).ID
			r.Repeat(map[string]func(*rapid.T){
				"hold": m.hold, "release": m.release, "consume": m.consume, "late": m.late, "limit": m.setLimit, "": m.check,
			})
		})
	})
}

type slots struct {
	w          world
	t          *testing.T
	id         link.ID
	limit      link.Limit
	held, used int64
}

func (m *slots) free() bool { return m.limit.Kind == link.Unlimited || m.held+m.used < m.limit.Max }

func (m *slots) hold(r *rapid.T) {
	err := m.w.hold(m.t.Context(), m.id)
	switch {
	case m.free() && err != nil:
		r.Fatalf("a free slot was refused: %v", err)
	case m.free():
		m.held++
	case m.used >= m.limit.Max && !fault.Is(err, fault.LimitReached), m.used < m.limit.Max && !fault.Is(err, fault.SlotTaken):
		r.Fatalf("held %d, used %d of %+v, and the answer is %v", m.held, m.used, m.limit, err)
	}
}

func (m *slots) release(r *rapid.T) {
	if err := m.w.release(m.t.Context(), m.id); (err == nil) != (m.held > 0) {
		r.Fatalf("release with %d held: %v", m.held, err)
	}
	m.held = max(0, m.held-1)
}

func (m *slots) consume(r *rapid.T) {
	if err := m.w.consume(m.t.Context(), m.id); (err == nil) != (m.held > 0) {
		r.Fatalf("consume with %d held: %v", m.held, err)
	}
	if m.held > 0 {
		m.held, m.used = m.held-1, m.used+1
	}
}

func (m *slots) late(r *rapid.T) {
	taken, err := m.w.consumeFresh(m.t.Context(), m.id)
	if err != nil || taken != m.free() {
		r.Fatalf("held %d, used %d of %+v: taken %v, %v", m.held, m.used, m.limit, taken, err)
	}
	if taken {
		m.used++
	}
}

func (m *slots) setLimit(r *rapid.T) {
	m.limit = link.Limit{Kind: link.Unlimited}
	if n := rapid.Int64Range(0, 6).Draw(r, "max"); n > 0 {
		m.limit = link.Limit{Kind: link.Multiple, Max: n}
	}
	m.w.patch(m.t, m.id, link.Patch{Limit: &m.limit})
}

func (m *slots) check(r *rapid.T) {
	l := m.w.get(m.t, m.id)
	if l.Slots != (link.Slots{Held: m.held, Used: m.used}) {
		r.Fatalf("slots are %+v, want %d held and %d used", l.Slots, m.held, m.used)
	}
	want := link.Active
	if m.limit.Kind != link.Unlimited && m.used >= m.limit.Max {
		want = link.LimitReached
	}
	if l.Status() != want || !l.Active {
		r.Fatalf("used %d of %+v: status %s, switch %v", m.used, m.limit, l.Status(), l.Active)
	}
}

func TestALinkThatSellsNothingHoldsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		now := d.Clock().Now()
		for name, p := range map[string]link.Patch{
			"inactive": {Active: ptr(false)},
			"early":    {StartsAt: ptr(ptr(now.Add(time.Hour)))},
			"ended":    {EndsAt: ptr(ptr(now.Add(-time.Hour)))},
		} {
			l := w.make(t, draft(name))
			w.patch(t, l.ID, p)
			if err := w.hold(t.Context(), l.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		deleted := w.make(t, draft("Deleted"))
		if err := w.Delete(t.Context(), w.b, deleted.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.hold(t.Context(), deleted.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("deleted: %v", err)
		}
	})
}

func TestLiveAndTestCountApart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		l := w.make(t, limited(1))
		w.sell(t, l.ID)
		live := w
		live.b.Mode = business.Live
		if got := live.get(t, l.ID); got.Status() != link.Active || got.Slots.Used != 0 {
			t.Errorf("test money used up the live limit: %+v", got.Slots)
		}
		if err := live.hold(t.Context(), l.ID); err != nil {
			t.Error(err)
		}
		if got := w.get(t, l.ID); got.Status() != link.LimitReached || got.Slots.Held != 0 {
			t.Errorf("a live hold shows in test mode: %+v", got.Slots)
		}
	})
}

func TestTheBadgeSaysHowMuchIsLeft(t *testing.T) {
	for used, want := range map[int64]link.Badge{0: link.Green, 6: link.Green, 7: link.Orange, 9: link.Orange, 10: link.Red, 12: link.Red} {
		l := link.Link{Limit: link.Limit{Kind: link.Multiple, Max: 10}, Slots: link.Slots{Used: used}}
		if got := l.Badge(); got != want {
			t.Errorf("%d of 10 used: %q, want %q", used, got, want)
		}
		if left := *l.Remaining(); left != max(0, 10-used) {
			t.Errorf("%d of 10 used: %d remain", used, left)
		}
		if got := fmt.Sprint(l.PercentUsed()); got != fmt.Sprint(min(100, used*10)) {
			t.Errorf("%d of 10 used: %s %%", used, got)
		}
	}
	if l := (link.Link{Limit: link.Limit{Kind: link.Unlimited}}); l.Badge() != link.NoBadge || l.Remaining() != nil {
		t.Error("a link without a limit has a badge")
	}
}
