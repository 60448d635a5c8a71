package grant_test

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/clock"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/grant"
	"smartlinks/internal/system"
	"smartlinks/internal/system/systemtest"
)

// back is where the program has members sent back; challenge is that of the verifier
// (RFC 7636, appendix B).
const (
	back      = "https://helper.example/back"
	verifier  = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
)

// world is an installation with two businesses, both Marit's, and a program.
type world struct {
	*system.System
	t            *testing.T
	d            *db.DB
	acme, zenith business.Business
	marit        account.UserID
	program      grant.Client
	moved        atomic.Int64
}

func worlds(t *testing.T, test func(w *world)) {
	run := func(name string, config func(t *testing.T) db.Config) {
		t.Run(name, func(t *testing.T) {
			w := &world{t: t}
			c := config(t)
			c.Clock = clock.From(func() time.Time { return dbtest.Start.Add(time.Duration(w.moved.Load())) })
			w.d = dbtest.Open(t, c)
			w.System = systemtest.New(t, w.d, func(o *system.Options) { o.PasswordCost = account.Cost{MemoryKiB: 64, Passes: 1} })
			w.acme, w.zenith = businesstest.Make(t, w.d, "acme"), businesstest.Make(t, w.d, "zenith")
			w.marit = w.member(w.acme, "marit@example.com")
			w.member(w.zenith, "marit@example.com")
			w.program = w.register("Helper")
			test(w)
		})
	}
	run("sqlite", func(t *testing.T) db.Config { return db.Config{Path: dbtest.NewSQLite(t)} })
	run("postgresql", func(t *testing.T) db.Config { return db.Config{URL: dbtest.NewPostgres(t)} })
}

func (w *world) pass(d time.Duration) { w.moved.Add(int64(d)) }

func (w *world) member(b business.Business, email string) account.UserID {
	w.t.Helper()
	u, err := w.Accounts.CreateOwner(w.t.Context(), b.ID, account.OwnerDraft{Name: "Marit de Boer", Email: email, Password: "correct horse battery"})
	if err != nil {
		w.t.Fatal(err)
	}
	return u.ID
}

func (w *world) register(name string) grant.Client {
	w.t.Helper()
	c, at, err := w.Grants.Register(w.t.Context(), grant.Client{Name: name, RedirectURIs: []string{back}}, "192.0.2.0/24")
	if err != nil || !at.Equal(w.d.Clock().Wall()) {
		w.t.Fatal(at, err)
	}
	return c
}

func (w *world) code(b business.Business, by account.UserID) string {
	w.t.Helper()
	code, err := w.Grants.Allow(w.t.Context(), by, "192.0.2.xxx", grant.Authorization{
		BusinessID: b.ID, Client: w.program, RedirectURI: back, Challenge: challenge, Scopes: account.Scopes{account.LinksRead}, Drafts: b.ID == w.acme.ID,
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return code
}

func (w *world) exchange(code string) (grant.Tokens, error) {
	return w.Grants.ExchangeCode(w.t.Context(), code, w.program.ID, back, verifier)
}

func (w *world) granted(b business.Business, by account.UserID) grant.Tokens {
	w.t.Helper()
	made, err := w.exchange(w.code(b, by))
	if err != nil {
		w.t.Fatal(err)
	}
	return made
}

func (w *world) opens(of grant.Tokens) bool {
	w.t.Helper()
	_, err := w.Grants.ByToken(w.t.Context(), of.Access)
	if err != nil && !fault.Is(err, fault.Unauthenticated) {
		w.t.Error(err)
	}
	return err == nil
}

// Whatever ends a grant, by whichever of its tokens, ends no other.
func TestAGrantEndsAlone(t *testing.T) {
	for name, end := range map[string]func(w *world, of grant.Tokens, code string) error{
		"by its program": func(w *world, of grant.Tokens, _ string) error {
			return w.Grants.RevokeToken(w.t.Context(), of.Refresh)
		},
		"by a member": func(w *world, of grant.Tokens, _ string) error {
			g, err := w.Grants.ByToken(w.t.Context(), of.Access)
			if err != nil {
				return err
			}
			if err := w.Grants.Revoke(w.t.Context(), w.zenith.ID, g.ID, ""); !fault.Is(err, fault.NotFound) {
				w.t.Errorf("another business ends it: %v", err)
			}
			if err := w.Grants.Revoke(w.t.Context(), w.acme.ID, g.ID, "usr_other"); !fault.Is(err, fault.NotFound) {
				w.t.Errorf("another member ends it: %v", err)
			}
			return w.Grants.Revoke(w.t.Context(), w.acme.ID, g.ID, w.marit)
		},
		"by a code that comes twice": func(w *world, _ grant.Tokens, code string) error {
			if _, err := w.exchange(code); !fault.Is(err, fault.Unauthenticated) {
				w.t.Errorf("the second time: %v", err)
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			worlds(t, func(w *world) {
				beside, elsewhere := w.granted(w.acme, w.marit), w.granted(w.zenith, w.marit)
				code := w.code(w.acme, w.marit)
				ended, err := w.exchange(code)
				if err != nil {
					w.t.Fatal(err)
				}
				if err := end(w, ended, code); err != nil {
					w.t.Fatal(err)
				}
				if _, err := w.Grants.Refresh(w.t.Context(), ended.Refresh, w.program.ID); w.opens(ended) || !fault.Is(err, fault.Unauthenticated) {
					w.t.Errorf("it goes on: %v", err)
				}
				if !w.opens(beside) || !w.opens(elsewhere) {
					w.t.Error("another grant ended with it")
				}
				if list, err := w.Grants.List(w.t.Context(), w.acme.ID, ""); err != nil || len(list) != 1 {
					w.t.Errorf("%+v, %v", list, err)
				}
			})
		})
	}
}

// Codes last two minutes, access an hour and refresh tokens sixty days, and each is good
// for its own purpose.
func TestWhatIsHandedOutLastsItsTime(t *testing.T) {
	worlds(t, func(w *world) {
		ctx, late := w.t.Context(), w.code(w.acme, w.marit)
		w.pass(2*time.Minute - time.Microsecond)
		if _, err := w.exchange(w.code(w.acme, w.marit)); err != nil {
			w.t.Error(err)
		}
		w.pass(time.Microsecond)
		if _, err := w.exchange(late); !fault.Is(err, fault.Unauthenticated) {
			w.t.Errorf("a code of two minutes: %v", err)
		}
		made := w.granted(w.acme, w.marit)
		swapped := grant.Tokens{Access: made.Refresh, Refresh: made.Access}
		if _, err := w.Grants.Refresh(ctx, swapped.Refresh, w.program.ID); w.opens(swapped) || !fault.Is(err, fault.Unauthenticated) {
			w.t.Errorf("each is taken for the other: %v", err)
		}
		if _, err := w.exchange(made.Refresh); !fault.Is(err, fault.Unauthenticated) {
			w.t.Errorf("a refresh token is taken for a code: %v", err)
		}
		w.pass(time.Hour - time.Microsecond)
		if !w.opens(made) {
			w.t.Error("access ends early")
		}
		w.pass(time.Microsecond)
		if w.opens(made) {
			w.t.Error("access outlasts its hour")
		}
		other := w.granted(w.acme, w.marit)
		w.pass(59*24*time.Hour + 23*time.Hour)
		if _, err := w.Grants.Refresh(ctx, made.Refresh, w.program.ID); !fault.Is(err, fault.Unauthenticated) {
			w.t.Errorf("refreshed after sixty days: %v", err)
		}
		if _, err := w.Grants.Refresh(ctx, other.Refresh, w.program.ID); err != nil {
			w.t.Errorf("before sixty days: %v", err)
		}
	})
}

// The list tells what is in force and what was done with it, of one business or one member.
func TestTheListTellsWhatIsInForce(t *testing.T) {
	worlds(t, func(w *world) {
		ctx := w.t.Context()
		jonas := w.member(w.acme, "jonas@example.com")
		gone := w.granted(w.acme, jonas)
		w.code(w.acme, w.marit) // which nobody exchanges
		w.pass(61 * 24 * time.Hour)
		list := func(b business.Business, of account.UserID) (all []grant.Grant) {
			w.t.Helper()
			all, err := w.Grants.List(ctx, b.ID, of)
			if err != nil {
				w.t.Fatal(err)
			}
			return all
		}
		if now := list(w.acme, ""); len(now) != 0 || w.opens(gone) {
			w.t.Errorf("after two months without a word: %+v", now)
		}
		w.granted(w.acme, w.marit)
		w.granted(w.zenith, w.marit)
		w.pass(time.Second)
		w.granted(w.acme, jonas)
		both := list(w.acme, "")
		if len(both) != 2 || both[0].UserID != jonas || both[1].UserID != w.marit || both[0].Member != "Marit de Boer" || both[0].ClientName != "Helper" ||
			both[0].ClientID != w.program.ID || !both[0].Drafts || both[0].LastUsedAt != nil || !both[0].CreatedAt.Equal(w.d.Clock().Now()) || list(w.zenith, "")[0].Drafts {
			w.t.Fatalf("%+v", both)
		}
		if of := list(w.acme, w.marit); len(of) != 1 || of[0].ID != both[1].ID {
			w.t.Errorf("of Marit: %+v", of)
		}
		called := func(g grant.Grant) {
			w.t.Helper()
			if err := w.Grants.Count(ctx, g.BusinessID, g.ID); err != nil {
				w.t.Fatal(err)
			}
		}
		called(both[1])
		w.pass(29 * 24 * time.Hour)
		called(both[1])
		called(both[1])
		if now := list(w.acme, ""); now[1].Calls != 3 || now[0].Calls != 0 || now[0].LastUsedAt != nil || now[1].LastUsedAt == nil || !now[1].LastUsedAt.Equal(w.d.Clock().Now()) {
			w.t.Errorf("thirty days: %+v", now)
		}
		w.pass(24 * time.Hour)
		if now := list(w.acme, ""); now[1].Calls != 2 {
			w.t.Errorf("the day before them counts: %+v", now)
		}
		// Whoever leaves takes with them what they allowed, here alone.
		if err := w.Accounts.RemoveMember(ctx, w.acme.ID, jonas, w.marit, account.Ending{}); err != nil {
			w.t.Fatal(err)
		}
		if now := list(w.acme, ""); len(now) != 1 || now[0].UserID != jonas || len(list(w.zenith, "")) != 1 {
			w.t.Errorf("after Marit left: %+v", now)
		}
	})
}

// What is of no use goes, and nothing else.
func TestOnlyWhatIsOfNoUseIsDeleted(t *testing.T) {
	worlds(t, func(w *world) {
		ctx := w.t.Context()
		kept := w.granted(w.acme, w.marit)
		g, err := w.Grants.ByToken(ctx, kept.Access)
		if err != nil {
			w.t.Fatal(err)
		}
		if err := w.Grants.Count(ctx, w.acme.ID, g.ID); err != nil {
			w.t.Fatal(err)
		}
		idle := w.register("Idle")
		left := func(table string) (n int) {
			w.t.Helper()
			if err := w.Grants.DeleteOld(ctx); err != nil {
				w.t.Fatal(err)
			}
			if err := w.d.Get(ctx, &n, map[string]string{
				"tokens": `SELECT COUNT(*) FROM grant_tokens`, "days": `SELECT COUNT(*) FROM grant_days`, "programs": `SELECT COUNT(*) FROM oauth_clients`,
			}[table]); err != nil {
				w.t.Fatal(err)
			}
			return n
		}
		w.pass(2 * time.Minute)
		if n := left("tokens"); n != 3 { // the used code ends now, and goes behind that
			w.t.Errorf("%d tokens are left", n)
		}
		w.pass(time.Hour)
		if n := left("tokens"); n != 1 {
			w.t.Errorf("after an hour %d tokens are left, not the refresh token", n)
		}
		w.pass(7*24*time.Hour - time.Hour - 2*time.Minute)
		if n := left("programs"); n != 2 {
			w.t.Errorf("within a week %d programs are left", n)
		}
		w.pass(time.Microsecond)
		if _, err := w.Grants.Client(ctx, idle.ID, "usr_any"); left("programs") != 1 || err != nil && !fault.Is(err, fault.Invalid) {
			w.t.Errorf("the program that nobody allowed anything: %v", err)
		}
		if c, err := w.Grants.Client(ctx, w.program.ID, "usr_any"); err != nil || c.Name != "Helper" || !slices.Equal(c.RedirectURIs, []string{back}) {
			w.t.Errorf("the one in use: %+v, %v", c, err)
		}
		w.pass(393 * 24 * time.Hour)
		if n := left("days"); n != 1 {
			w.t.Errorf("%d days of calls are left after 400", n)
		}
		w.pass(24 * time.Hour)
		if n := left("days"); n != 0 {
			w.t.Errorf("%d days of calls are left after 401", n)
		}
		if err := w.Grants.Revoke(ctx, w.acme.ID, g.ID, ""); err != nil {
			w.t.Fatal(err)
		}
		if n := left("programs"); n != 0 {
			w.t.Errorf("%d programs are left whose grants were taken back", n)
		}
	})
}

func TestAllowingIsForMembersAndIsRecorded(t *testing.T) {
	worlds(t, func(w *world) {
		jonas := w.member(w.acme, "jonas@example.com")
		_, err := w.Grants.Allow(w.t.Context(), jonas, "", grant.Authorization{BusinessID: w.zenith.ID, Client: w.program, RedirectURI: back, Challenge: challenge, Scopes: account.Scopes{account.LinksRead}})
		if !fault.Is(err, fault.NotFound) {
			w.t.Errorf("a member of another business: %v", err)
		}
		made := w.granted(w.acme, jonas)
		g, err := w.Grants.ByToken(w.t.Context(), made.Access)
		if err != nil || g.BusinessID != w.acme.ID || g.UserID != jonas {
			w.t.Fatalf("%+v, %v", g, err)
		}
		entries, _, err := w.Audit.List(w.t.Context(), w.acme.ID, string(g.ID), "")
		if err != nil || len(entries) != 1 || entries[0].Actor != string(jonas) || entries[0].Address != "192.0.2.xxx" || !strings.Contains(entries[0].What, "Helper") {
			w.t.Errorf("%+v, %v", entries, err)
		}
	})
}

// What a program says of itself is bounded, and its address is its own to the letter but
// for the port on this machine.
func TestProgramsAreHeldToWhatTheySaid(t *testing.T) {
	worlds(t, func(w *world) {
		for _, bad := range []grant.Client{
			{Name: strings.Repeat("x", 81), RedirectURIs: []string{back}}, {Name: "x\x07", RedirectURIs: []string{back}}, {Name: "x"},
			{Name: "x", RedirectURIs: slices.Repeat([]string{back}, 11)}, {Name: "x", RedirectURIs: []string{back + strings.Repeat("x", 500)}},
		} {
			if _, _, err := w.Grants.Register(w.t.Context(), bad, "198.51.100.0/24"); !fault.Is(err, fault.Invalid) {
				w.t.Errorf("%+v: %v", bad, err)
			}
		}
		if c := w.register(" \u202eHelper\u200b "); c.Name != "Helper" {
			w.t.Errorf("it is called %q", c.Name)
		}
		if c := w.register(""); c.Name != "Unnamed program" || c.Host() != "" {
			w.t.Errorf("it is called %q, of %q", c.Name, c.Host())
		}
		if host := (grant.Client{ID: "https://helper.example:8443/client.json"}).Host(); host != "helper.example:8443" {
			w.t.Errorf("its document is of %q", host)
		}
		c := grant.Client{RedirectURIs: []string{back, "http://127.0.0.1/a?x=1", "http://localhost:80/b"}}
		for to, want := range map[string]bool{
			back: true, back + "/": false, "https://helper.example:8443/back": false, "http://127.0.0.1:7777/a?x=1": true, "http://127.0.0.1:7777/a": false,
			"http://localhost:9/b": true, "http://127.0.0.1:9/b": false, "http://me@127.0.0.1:7777/a?x=1": false, "https://127.0.0.1:7777/a?x=1": false, "": false, "%": false,
		} {
			if c.Redirects(to) != want {
				w.t.Errorf("it may lead to %q: %t", to, !want)
			}
		}
	})
}
