package business_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"smartlinks/internal/business"
	"smartlinks/internal/business/businesstest"
	"smartlinks/internal/db"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/fault"
	"smartlinks/internal/money"
	"smartlinks/internal/picture"
)

// names lists the fields that an Invalid fault complains about.
func names(t *testing.T, err error) []string {
	t.Helper()
	if !fault.Is(err, fault.Invalid) {
		t.Fatalf("want an Invalid fault, got %v", err)
	}
	var list []string
	for _, f := range fault.Of(err).Fields {
		list = append(list, f.Name)
	}
	return list
}

func eur(minor int64) *money.Amount { return &money.Amount{Minor: minor, Currency: "EUR"} }

func TestDefaultsOfABusiness(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := businesstest.Make(t, d, "acme")
		if b.Currency != "EUR" || b.Locale != "en" || b.TimeZone != "UTC" || b.BrandColor != business.DefaultBrandColor {
			t.Errorf("got %+v", b)
		}
		if !b.Page.Enabled || b.Version != 1 || !b.CreatedAt.Equal(dbtest.Start) {
			t.Errorf("got %+v", b)
		}
		read, err := businesstest.New(t, d).ByID(t.Context(), b.ID)
		if err != nil || !reflect.DeepEqual(read, b) {
			t.Errorf("read %+v, %v", read, err)
		}
	})
}

// Whoever takes transfers and nothing else takes real money: also behind a time with --sandbox,
// and once the provider beside them was disconnected.
func TestABankAloneIsLive(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		sandbox, bare := businesstest.New(t, d), business.New(d, businesstest.Sealer(t), "", picture.NewDecoder())
		id := businesstest.Make(t, d, "acme").ID
		is := func(when string, of *business.Businesses, provider string, mode business.Mode) {
			t.Helper()
			if b, err := of.ByID(t.Context(), id); err != nil || b.Provider != provider || b.Mode != mode {
				t.Errorf("%s: by %q, %s, %v", when, b.Provider, b.Mode, err)
			}
		}
		do := func(act func(tx *db.Tx) error) {
			t.Helper()
			if err := d.InTx(t.Context(), act); err != nil {
				t.Fatal(err)
			}
		}
		do(func(tx *db.Tx) error { return sandbox.TakeTransfersTx(t.Context(), tx, id, true) })
		is("with --sandbox", sandbox, business.Sandbox, business.Test)
		is("without", bare, business.BankTransfer, business.Live)
		do(func(tx *db.Tx) error { return bare.UseProviderTx(t.Context(), tx, id, "stripe", business.Test) })
		is("with a test key", bare, "stripe", business.Test)
		do(func(tx *db.Tx) error { return bare.UseProviderTx(t.Context(), tx, id, "", "") })
		is("disconnected", bare, business.BankTransfer, business.Live)
		do(func(tx *db.Tx) error { return bare.TakeTransfersTx(t.Context(), tx, id, false) })
		is("without transfers", bare, "", business.Test)
	})
}

func TestModeFollowsTheProvider(t *testing.T) {
	d := dbtest.SQLite(t)
	sealer := businesstest.Sealer(t)
	bare, sandbox := business.New(d, sealer, "", picture.NewDecoder()), business.New(d, sealer, business.Sandbox, picture.NewDecoder())
	own, err := bare.Create(t.Context(), business.Draft{Name: "Own", Handle: "own", Provider: "stripe"})
	if err != nil || own.Mode != business.Live {
		t.Errorf("with a provider of its own: %v, %v", own.Mode, err)
	}
	none, err := bare.Create(t.Context(), business.Draft{Name: "None", Handle: "none"})
	if err != nil || none.Mode != business.Test || none.Provider != "" {
		t.Errorf("without a provider: %v, %v", none.Mode, err)
	}
	same, err := sandbox.ByID(t.Context(), none.ID)
	if err != nil || same.Mode != business.Test || same.Provider != business.Sandbox {
		t.Errorf("by the installation's sandbox: %+v, %v", same, err)
	}
}

func TestTheInstallationsProviderIsNotStored(t *testing.T) {
	d := dbtest.SQLite(t)
	b := businesstest.Make(t, d, "acme")
	name := "Renamed"
	if _, err := businesstest.New(t, d).Update(t.Context(), b.ID, 0, business.Patch{Name: &name}); err != nil {
		t.Fatal(err)
	}
	bare, err := business.New(d, businesstest.Sealer(t), "", picture.NewDecoder()).ByID(t.Context(), b.ID)
	if err != nil || bare.Provider != "" {
		t.Errorf("got %q, %v", bare.Provider, err)
	}
}

func TestWrongDraftsNameEveryField(t *testing.T) {
	d := dbtest.SQLite(t)
	s := businesstest.New(t, d)
	for _, c := range []struct {
		draft business.Draft
		want  string
	}{
		{business.Draft{}, "name handle"},
		{business.Draft{Name: strings.Repeat("x", 81), Handle: "ok"}, "name"},
		{business.Draft{Name: "a\x00b", Handle: "ok"}, "name"},
		{business.Draft{Name: "A", Handle: "ok", Currency: "EURO"}, "currency"},
		{business.Draft{Name: "A", Handle: "ok", Locale: "tlh"}, "locale"},
		{business.Draft{Name: "A", Handle: "ok", TimeZone: "Mars/Olympus"}, "time_zone"},
		{business.Draft{Name: "A", Handle: "ok", TimeZone: "Local"}, "time_zone"},
		{business.Draft{Name: "A", Handle: "ok", TimeZone: "../../etc/passwd"}, "time_zone"},
		{business.Draft{Name: "A", Handle: "ok", BrandColor: "red;}"}, "brand_color"},
		{business.Draft{Name: "A", Handle: "ok", BrandColor: "#12345"}, "brand_color"},
		{business.Draft{Name: "A", Handle: "ok", ContactEmail: "jonas@example"}, "contact_email"},
		{business.Draft{Name: "A", Handle: "ok", Page: &business.Page{Min: eur(500), Max: eur(400)}}, "page.max"},
		{business.Draft{Name: "A", Handle: "ok", Page: &business.Page{Min: eur(500), Default: eur(400)}}, "page.default"},
		{business.Draft{Name: "A", Handle: "ok", Page: &business.Page{Max: eur(500), Default: eur(600)}}, "page.default"},
		{business.Draft{Name: "A", Handle: "ok", Page: &business.Page{Default: eur(0)}}, "page.default"},
		{business.Draft{Name: "A", Handle: "ok", Currency: "USD", Page: &business.Page{Default: eur(5)}}, "page.default"},
		{business.Draft{Name: "A", Handle: "ok", Page: &business.Page{Title: strings.Repeat("x", 81), Description: strings.Repeat("x", 501)}}, "page.title page.description"},
	} {
		_, err := s.Create(t.Context(), c.draft)
		if got := strings.Join(names(t, err), " "); got != c.want {
			t.Errorf("%+v: got fields %q, want %q", c.draft, got, c.want)
		}
	}
	if list, err := s.List(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("stored all the same: %v, %v", list, err)
	}
}

func TestUpdateRefusesAStaleVersion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := businesstest.New(t, d)
		b := businesstest.Make(t, d, "acme")
		heard := make(chan string, 16)
		defer d.Subscribe(func(topic, key string) {
			if topic != "*" { // the listener of PostgreSQL begins beside the test
				heard <- topic + " " + key
			}
		})()
		color := "#00ff00"
		changed, err := s.Update(t.Context(), b.ID, b.Version, business.Patch{
			BrandColor: &color,
			Page:       &business.Page{Title: "Pay us", Min: eur(100), Default: eur(500), Max: eur(900)},
		})
		if err != nil || changed.Version != 2 || changed.BrandColor != "#00FF00" || changed.Page.Default.Minor != 500 || changed.Page.Enabled {
			t.Fatalf("got %+v, %v", changed, err)
		}
		if got := <-heard; got != "business "+string(b.ID) {
			t.Errorf("heard %q", got)
		}
		if _, err := s.Update(t.Context(), b.ID, b.Version, business.Patch{BrandColor: &color}); !fault.Is(err, fault.Stale) {
			t.Errorf("a stale update: %v", err)
		}
		if _, err := s.Update(t.Context(), "biz_none", 0, business.Patch{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("an unknown business: %v", err)
		}
	})
}

func TestConcurrentUpdatesOfOneVersionHaveOneWinner(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := businesstest.New(t, d)
		b := businesstest.Make(t, d, "acme")
		var won atomic.Int64
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				name := "Another"
				switch _, err := s.Update(t.Context(), b.ID, b.Version, business.Patch{Name: &name}); {
				case err == nil:
					won.Add(1)
				case !fault.Is(err, fault.Stale):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("%d updates won", won.Load())
		}
	})
}

func TestSignatureVerifiesWithTheSecret(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := businesstest.New(t, d)
		one, two := businesstest.Make(t, d, "one"), businesstest.Make(t, d, "two")
		key, err := s.SigningSecret(t.Context(), one.ID)
		if err != nil {
			t.Fatal(err)
		}
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write([]byte("pay_1"))
		want := "v2," + hex.EncodeToString(mac.Sum(nil))
		got, err := s.Sign(t.Context(), one.ID, "pay_1")
		if err != nil || got != want {
			t.Errorf("got %q, %v", got, err)
		}
		if other, err := s.Sign(t.Context(), two.ID, "pay_1"); err != nil || other == got {
			t.Errorf("two businesses sign alike: %v", err)
		}
		var stored string
		if err := d.Get(t.Context(), &stored, `SELECT signing_secret FROM businesses WHERE id = $1`, one.ID); err != nil || strings.Contains(stored, key) {
			t.Errorf("the secret is stored in plain: %v", err)
		}
	})
}

func TestCreateTxLeavesNothingWhenTheTransactionFails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := businesstest.New(t, d)
		failure := fault.New(fault.Conflict, "The owner was refused.")
		err := d.InTx(t.Context(), func(tx *db.Tx) error {
			if _, err := s.CreateTx(t.Context(), tx, business.Draft{Name: "A", Handle: "acme"}); err != nil {
				return err
			}
			return failure
		})
		if err != failure {
			t.Fatal(err)
		}
		if list, err := s.List(t.Context()); err != nil || len(list) != 0 {
			t.Errorf("got %v, %v", list, err)
		}
	})
}

func TestLocationFallsBackToUTC(t *testing.T) {
	if got := (business.Business{TimeZone: "Europe/Amsterdam"}).Location().String(); got != "Europe/Amsterdam" {
		t.Errorf("got %s", got)
	}
	if got := (business.Business{TimeZone: "Gone/Away"}).Location().String(); got != "UTC" {
		t.Errorf("got %s", got)
	}
}
