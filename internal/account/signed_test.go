package account_test

import (
	"testing"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
)

func TestWhoIsPresentIsWhoIsSignedIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := mustTeam(t, d)
		second, foreign := businesstest.Make(t, d, "second"), businesstest.Make(t, d, "foreign")
		staff := x.member("Staff", account.Staff)
		exec := func(statement string, args ...any) {
			t.Helper()
			if err := d.InTx(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), statement, args...); return err }); err != nil {
				t.Fatal(err)
			}
		}
		exec(`INSERT INTO members (business_id, user_id, role, created_at) VALUES ($1, $2, 'admin', 0)`, second.ID, staff)
		session, err := x.Open(t.Context(), account.User{ID: staff}, account.Device{})
		if err != nil {
			t.Fatal(err)
		}
		u, err := x.UserByID(t.Context(), staff)
		if err != nil {
			t.Fatal(err)
		}
		list, err := x.Memberships(t.Context(), staff)
		if err != nil {
			t.Fatal(err)
		}
		p, err := x.Present(t.Context(), session)
		if err != nil || p.User != u || len(p.Memberships) != 2 || p.Memberships[0] != list[0] || p.Memberships[1] != list[1] {
			t.Errorf("got %+v, %v, want %+v at %+v", p, err, u, list)
		}
		for _, want := range list {
			if m, err := p.In(want.BusinessID); err != nil || m != (account.Member{User: u, BusinessID: want.BusinessID, Role: want.Role}) {
				t.Errorf("got %+v, %v", m, err)
			}
		}
		for _, id := range []account.SessionID{"", "ses_none"} {
			if _, err := x.Present(t.Context(), id); !fault.Is(err, fault.Unauthenticated) {
				t.Errorf("the session %q: %v", id, err)
			}
		}
		if m, err := p.In(foreign.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("in a foreign business: %+v, %v", m, err)
		}
		if _, err := p.In(""); !fault.Is(err, fault.NotFound) {
			t.Errorf("in no business: %v", err)
		}
		exec(`DELETE FROM members WHERE user_id = $1`, staff)
		if p, err := x.Present(t.Context(), session); err != nil || p.User != u || len(p.Memberships) != 0 {
			t.Errorf("a member of nothing: %+v, %v", p, err)
		}
		now := d.Clock().Wall()
		for what, c := range map[string]struct{ created, seen time.Duration }{"idle": {13 * time.Hour, 13 * time.Hour}, "old": {31 * 24 * time.Hour, 0}} {
			exec(`UPDATE sign_ins SET created_at = $1, seen_at = $2 WHERE id = $3`, db.At(now.Add(-c.created)), db.At(now.Add(-c.seen)), session)
			if _, err := x.Present(t.Context(), session); !fault.Is(err, fault.Unauthenticated) {
				t.Errorf("an %s session goes on: %v", what, err)
			}
		}
		exec(`UPDATE sign_ins SET created_at = $1, seen_at = $2 WHERE id = $3`, db.At(now), db.At(now.Add(-time.Hour)), session)
		if _, err := x.Present(t.Context(), session); err != nil {
			t.Error(err)
		}
		var seen bool
		if err := d.Get(t.Context(), &seen, `SELECT seen_at >= $2 FROM sign_ins WHERE id = $1`, session, db.At(now)); err != nil || !seen {
			t.Errorf("not noted as seen, %v", err)
		}
		if err := x.EndSession(t.Context(), staff, session); err != nil {
			t.Fatal(err)
		}
		if _, err := x.Present(t.Context(), session); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("signed out: %v", err)
		}
	})
}
