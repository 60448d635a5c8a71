package link_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
)

// limited is a link that takes max payments.
func limited(max int64) link.Fields {
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
					err := w.hold(t.Context(), l.ID, 1)
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

// The slots agree with a plain count of payments and of their units after any history,
// and a hold is refused exactly when the limit says so, whatever it counts.
func TestSlotsFollowAPlainCount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rapid.Check(t, func(r *rapid.T) {
			m := &slots{w: w, t: t, least: 1, limit: link.Limit{Kind: link.Multiple, Max: rapid.Int64Range(1, 12).Draw(r, "limit"), Counts: link.Payments}}
			m.id = w.make(t, limited(m.limit.Max)).ID
			r.Repeat(map[string]func(*rapid.T){
				"hold": m.hold, "hold instead": m.holdInstead, "release": m.release, "consume": m.consume, "late": m.late, "give back": m.giveBack,
				"limit": m.setLimit, "": m.check,
			})
		})
	})
}

// slots are payments by their units.
type slots struct {
	w          world
	t          *testing.T
	id         link.ID
	limit      link.Limit
	least      int64
	held, used []int64
}

func total(units []int64) (n int64) {
	for _, u := range units {
		n += u
	}
	return n
}

// counts is what of these payments counts against the limit.
func (m *slots) counts(units []int64) int64 {
	if m.limit.Counts == link.Units {
		return total(units)
	}
	return int64(len(units))
}

func (m *slots) fits(units int64, beside ...[]int64) bool {
	if m.limit.Kind == link.Unlimited {
		return true
	}
	taken := m.counts([]int64{units})
	for _, b := range beside {
		taken += m.counts(b)
	}
	return taken <= m.limit.Max
}

func (m *slots) full() bool {
	least := int64(1)
	if m.limit.Counts == link.Units {
		least = m.least
	}
	return m.limit.Kind != link.Unlimited && m.counts(m.used)+least > m.limit.Max
}

func (m *slots) hold(r *rapid.T) {
	units := rapid.Int64Range(1, 10).Draw(r, "units")
	err := m.w.hold(m.t.Context(), m.id, units)
	var few *link.TooFew
	switch fits := m.fits(units, m.held, m.used); {
	case fits && err != nil:
		r.Fatalf("a free place was refused: %v", err)
	case fits:
		m.held = append(m.held, units)
	case m.full():
		if !fault.Is(err, fault.LimitReached) {
			r.Fatalf("held %v, used %v of %+v, and the answer is %v", m.held, m.used, m.limit, err)
		}
	case errors.As(err, &few):
		if few.Left != m.limit.Max-m.counts(m.held)-m.counts(m.used) || few.Left < m.least || m.limit.Counts != link.Units {
			r.Fatalf("%d are said to be left of %+v with %v held and %v used", few.Left, m.limit, m.held, m.used)
		}
	case !fault.Is(err, fault.SlotTaken):
		r.Fatalf("held %v, used %v of %+v, and the answer is %v", m.held, m.used, m.limit, err)
	}
}

func (m *slots) holdInstead(r *rapid.T) {
	if len(m.held) == 0 {
		r.Skip("nothing is held")
	}
	units := rapid.Int64Range(1, 10).Draw(r, "units")
	err := m.w.d.InTx(m.t.Context(), func(tx *db.Tx) error {
		return m.w.HoldInstead(m.t.Context(), tx, m.w.b.ID, m.id, m.w.b.Mode, m.held[0], units)
	})
	wanted := m.limit.Counts != link.Units || units <= m.held[0] || m.fits(units, m.held[1:], m.used)
	if (err == nil) != wanted {
		r.Fatalf("%d in the place of the first of %v, with %v used of %+v: %v", units, m.held, m.used, m.limit, err)
	}
	if wanted {
		m.held[0] = units
	}
}

func (m *slots) release(r *rapid.T) {
	if len(m.held) == 0 {
		if err := m.w.release(m.t.Context(), m.id, 1); err == nil {
			r.Fatal("what nobody held was released")
		}
		return
	}
	if err := m.w.release(m.t.Context(), m.id, m.held[0]); err != nil {
		r.Fatal(err)
	}
	m.held = m.held[1:]
}

func (m *slots) consume(r *rapid.T) {
	if len(m.held) == 0 {
		if err := m.w.consume(m.t.Context(), m.id, 1); err == nil {
			r.Fatal("what nobody held was used")
		}
		return
	}
	if err := m.w.consume(m.t.Context(), m.id, m.held[0]); err != nil {
		r.Fatal(err)
	}
	m.used, m.held = append(m.used, m.held[0]), m.held[1:]
}

func (m *slots) late(r *rapid.T) {
	units := rapid.Int64Range(1, 10).Draw(r, "units")
	taken, err := m.w.consumeFresh(m.t.Context(), m.id, units)
	if err != nil || taken != m.fits(units, m.held, m.used) {
		r.Fatalf("held %v, used %v of %+v: taken %v, %v", m.held, m.used, m.limit, taken, err)
	}
	if taken {
		m.used = append(m.used, units)
	}
}

func (m *slots) giveBack(r *rapid.T) {
	if len(m.used) == 0 {
		r.Skip("nothing is used")
	}
	units := rapid.Int64Range(1, m.used[0]).Draw(r, "units")
	whole := units == m.used[0]
	if err := m.w.d.InTx(m.t.Context(), func(tx *db.Tx) error {
		return m.w.ReturnSlots(m.t.Context(), tx, m.w.b.ID, m.id, m.w.b.Mode, units, whole)
	}); err != nil {
		r.Fatal(err)
	}
	if m.used[0] -= units; whole {
		m.used = m.used[1:]
	}
}

func (m *slots) setLimit(r *rapid.T) {
	m.limit, m.least = link.Limit{Kind: link.Unlimited, Counts: link.Payments}, rapid.Int64Range(1, 3).Draw(r, "least")
	if n := rapid.Int64Range(0, 14).Draw(r, "max"); n >= m.least {
		m.limit = link.Limit{Kind: link.Multiple, Max: n, Counts: rapid.SampledFrom([]link.Counts{link.Payments, link.Units}).Draw(r, "counts")}
	}
	m.w.patch(m.t, m.id, func(f *link.Fields) {
		f.Limit, f.Checkout.Quantity = m.limit, &checkout.Quantity{Min: m.least, Max: 10}
	})
}

func (m *slots) check(r *rapid.T) {
	l := m.w.get(m.t, m.id)
	if l.Slots != (link.Slots{Held: int64(len(m.held)), Used: int64(len(m.used))}) || l.Units != (link.Slots{Held: total(m.held), Used: total(m.used)}) {
		r.Fatalf("slots are %+v, units %+v, want %v held and %v used", l.Slots, l.Units, m.held, m.used)
	}
	want := link.Active
	if m.full() {
		want = link.LimitReached
	}
	if l.Status() != want || !l.Active {
		r.Fatalf("used %v of %+v: status %s, switch %v", m.used, m.limit, l.Status(), l.Active)
	}
	page, err := m.w.List(m.t.Context(), m.w.b, link.Filter{Status: []link.Status{want}, Query: l.Path})
	if err != nil || len(page.Links) != 1 {
		r.Fatalf("the list has %d links that are %s: %v", len(page.Links), want, err)
	}
}

func TestALinkThatSellsNothingHoldsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		now := d.Clock().Now()
		for name, p := range map[string]func(*link.Fields){
			"inactive": func(f *link.Fields) { f.Active = false },
			"early":    func(f *link.Fields) { f.StartsAt = ptr(now.Add(time.Hour)) },
			"ended":    func(f *link.Fields) { f.EndsAt = ptr(now.Add(-time.Hour)) },
		} {
			l := w.make(t, draft(name))
			w.patch(t, l.ID, p)
			if err := w.hold(t.Context(), l.ID, 1); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		deleted := w.make(t, draft("Deleted"))
		if err := w.Delete(t.Context(), w.b, deleted.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.hold(t.Context(), deleted.ID, 1); !fault.Is(err, fault.NotFound) {
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
		if err := live.hold(t.Context(), l.ID, 1); err != nil {
			t.Error(err)
		}
		if got := w.get(t, l.ID); got.Status() != link.LimitReached || got.Slots.Held != 0 {
			t.Errorf("a live hold shows in test mode: %+v", got.Slots)
		}
	})
}

func TestTheBadgeSaysHowMuchIsLeft(t *testing.T) {
	for used, want := range map[int64]link.Badge{0: link.Green, 6: link.Green, 7: link.Orange, 9: link.Orange, 10: link.Red, 12: link.Red} {
		l := link.Link{Fields: link.Fields{Limit: link.Limit{Kind: link.Multiple, Max: 10}}, Slots: link.Slots{Used: used}}
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
	if l := (link.Link{Fields: link.Fields{Limit: link.Limit{Kind: link.Unlimited}}}); l.Badge() != link.NoBadge || l.Remaining() != nil {
		t.Error("a link without a limit has a badge")
	}
}

// What is on offer to the waiting list is no more for everybody than what is sold, and what
// is left is kept for those who wait.
func TestWhatIsOnOfferIsNotForEverybody(t *testing.T) {
	for _, c := range []struct {
		slots link.Slots
		want  link.Status
		free  int64
	}{
		{link.Slots{Used: 7, Offered: 2}, link.Active, 3},
		{link.Slots{Used: 7, Offered: 3}, link.LimitReached, 3},
		{link.Slots{Used: 7, Held: 3}, link.Active, 0}, // who holds one may still go
		{link.Slots{Used: 7, Held: 1}, link.Active, 2},
		{link.Slots{Used: 7, Waiting: 1}, link.LimitReached, 3},
		{link.Slots{Used: 10}, link.LimitReached, 0},
	} {
		l := link.Link{Fields: link.Fields{Active: true, Limit: link.Limit{Kind: link.Multiple, Max: 10}}, Slots: c.slots}
		if got := l.Status(); got != c.want {
			t.Errorf("%+v of 10: %q, want %q", c.slots, got, c.want)
		}
		if got := l.Free(); got != c.free {
			t.Errorf("%+v of 10: %d are free, want %d", c.slots, got, c.free)
		}
	}
}
