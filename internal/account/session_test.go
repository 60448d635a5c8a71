package account_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"smartlinks/internal/account"
	"smartlinks/internal/clock"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
)

func TestSessionsEndOnWallTime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		store := account.SessionStore(d)
		wall := d.Clock().Wall()
		commit := func(token, data string, expiry time.Time) {
			t.Helper()
			if err := store.CommitCtx(t.Context(), token, []byte(data), expiry); err != nil {
				t.Fatal(err)
			}
		}
		expect := func(token, want string) {
			t.Helper()
			data, found, err := store.FindCtx(t.Context(), token)
			if err != nil || found != (want != "") || string(data) != want {
				t.Errorf("%s: got %q, %v, %v", token, data, found, err)
			}
		}
		commit("one", "a", wall.Add(time.Hour))
		commit("one", "b", wall.Add(time.Hour))
		commit("over", "c", wall)
		expect("one", "b")
		expect("over", "")
		expect("none", "")
		d.Clock().SetOffset(48 * time.Hour)
		expect("one", "b") // the test clock signs nobody out
		commit("two", "d", wall.Add(time.Hour))
		commit("two", "d", wall.Add(-time.Second)) // shortened
		expect("two", "")
		if deleted, err := accounts(d).DeleteExpired(t.Context()); err != nil || deleted != 2 {
			t.Errorf("deleted %d, %v", deleted, err)
		}
		if err := store.DeleteCtx(t.Context(), "one"); err != nil {
			t.Error(err)
		}
		expect("one", "")
		if err := store.DeleteCtx(t.Context(), "one"); err != nil {
			t.Error(err)
		}
	})
}

func TestSessionTokensAreHashed(t *testing.T) {
	d := dbtest.SQLite(t)
	if err := account.SessionStore(d).Commit("the-token", []byte("data"), d.Clock().Wall().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	var stored string
	if err := d.Get(t.Context(), &stored, `SELECT token FROM sessions`); err != nil || stored == "the-token" || len(stored) != 64 {
		t.Errorf("stored %q, %v", stored, err)
	}
}

func TestCleanUpTakesAllInChunks(t *testing.T) {
	d := dbtest.SQLite(t)
	throttle := account.NewThrottle(d, true)
	for i := range 1100 {
		if _, _, err := throttle.Allow(t.Context(), string(rune(0x4e00+i)), 1, -time.Second); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := throttle.Allow(t.Context(), "stays", 1, time.Minute); err != nil {
		t.Fatal(err)
	}
	if deleted, err := accounts(d).DeleteExpired(t.Context()); err != nil || deleted != 1100 {
		t.Errorf("deleted %d, %v", deleted, err)
	}
}

func TestSessionCookie(t *testing.T) {
	d := dbtest.Open(t, db.Config{Path: dbtest.NewSQLite(t), Clock: clock.System(), Random: rand.Reader, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	for _, secure := range []bool{true, false} {
		sessions := account.NewSessions(d, secure)
		var seen bytes.Buffer
		handler := sessions.LoadAndSave(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			seen.WriteString(sessions.GetString(r.Context(), "user"))
			sessions.Put(r.Context(), "user", "usr_1")
		}))
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequest("GET", "/", nil))
		cookies := answer.Result().Cookies()
		if len(cookies) != 1 {
			t.Fatalf("got %v", cookies)
		}
		c, name := cookies[0], "session"
		if secure {
			name = "__Host-session"
		}
		if c.Name != name || c.Secure != secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("got %v", c)
		}
		again := httptest.NewRequest("GET", "/", nil)
		again.AddCookie(c)
		handler.ServeHTTP(httptest.NewRecorder(), again)
		if seen.String() != "usr_1" {
			t.Errorf("the session remembers %q", seen.String())
		}
	}
}

// A page that changes nothing of its session writes nothing, unless the idle time moved on.
func TestSessionsThatStayAreNotWritten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		sessions := account.NewSessions(d, false)
		var cookie *http.Cookie
		ask := func(do func(r *http.Request)) (writes int) {
			t.Helper()
			defer d.Observe(func(statements []string) {
				for _, s := range statements {
					if strings.Contains(s, "INTO sessions") || strings.Contains(s, "UPDATE sessions") {
						writes++
					}
				}
			})()
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/", http.NoBody)
			if cookie != nil {
				r.AddCookie(cookie)
			}
			answer := httptest.NewRecorder()
			account.SparingWrites(sessions.LoadAndSave(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { do(r) }))).ServeHTTP(answer, r)
			if answer.Code != http.StatusOK || len(answer.Result().Cookies()) != 1 {
				t.Fatalf("%d %v", answer.Code, answer.Result().Cookies())
			}
			cookie = answer.Result().Cookies()[0]
			return writes
		}
		read := func(*http.Request) {}
		put := func(value string) func(r *http.Request) {
			return func(r *http.Request) { sessions.Put(r.Context(), "user", value) }
		}
		expect := func(what string, got, want int) {
			t.Helper()
			if got != want {
				t.Errorf("%s: %d writes, want %d", what, got, want)
			}
		}
		expect("a new one", ask(put("usr_1")), 1)
		expect("read", ask(read), 0)
		expect("changed", ask(put("usr_2")), 2)
		expect("changed to what it was", ask(put("usr_2")), 0)
		expect("under a new token", ask(func(r *http.Request) {
			if err := sessions.RenewToken(r.Context()); err != nil {
				t.Error(err)
			}
		}), 1)
		expect("read again", ask(func(r *http.Request) {
			if got := sessions.GetString(r.Context(), "user"); got != "usr_2" {
				t.Errorf("it holds %q", got)
			}
		}), 0)
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE sessions SET expiry = $1`, db.At(d.Clock().Wall().Add(time.Hour)))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		expect("after a while", ask(read), 1)
	})
}

// Requests of one browser run side by side, and none brings back what another took out, or
// loses what another put in. One that ended meanwhile stays ended.
func TestSessionsTakeTheChangesOfRequestsSideBySide(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		sessions := account.NewSessions(d, false)
		var cookie *http.Cookie
		ask := func(do func(ctx context.Context)) {
			t.Helper()
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/", http.NoBody)
			if cookie != nil {
				r.AddCookie(cookie)
			}
			answer := httptest.NewRecorder()
			account.SparingWrites(sessions.LoadAndSave(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { do(r.Context()) }))).ServeHTTP(answer, r)
			if answer.Code != http.StatusOK {
				t.Fatalf("%d %s", answer.Code, answer.Body)
			}
			if cookie == nil {
				cookie = answer.Result().Cookies()[0]
			}
		}
		remove := func(name string) func(context.Context) {
			return func(ctx context.Context) { sessions.Remove(ctx, name) }
		}
		holds := func(what string, want ...string) {
			t.Helper()
			ask(func(ctx context.Context) {
				if got := sessions.Keys(ctx); !slices.Equal(got, want) {
					t.Errorf("%s: it holds %q, want %q", what, got, want)
				}
			})
		}
		names := strings.Split("abcdefghijkl", "") // enough that their order differs each time
		ask(func(ctx context.Context) {
			for _, name := range names {
				sessions.Put(ctx, name, "1")
			}
		})
		ask(func(context.Context) { ask(remove("a")) })
		holds("a request that changes nothing", names[1:]...)
		ask(func(ctx context.Context) {
			sessions.Put(ctx, "b", "2")
			sessions.Put(ctx, "z", "1")
			sessions.Remove(ctx, "c")
			ask(remove("d"))
		})
		holds("two that change it", append(append([]string{"b"}, names[4:]...), "z")...)
		if err := d.InTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE sessions SET expiry = $1`, db.At(d.Clock().Wall().Add(time.Hour)))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		ask(func(context.Context) { ask(remove("z")) })
		holds("one that renews it", append([]string{"b"}, names[4:]...)...)
		ask(func(ctx context.Context) {
			sessions.Put(ctx, "y", "1")
			if err := sessions.Store.Delete(cookie.Value); err != nil {
				t.Error(err)
			}
		})
		holds("one that ends meanwhile")
	})
}
