package app

import (
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"

	"smartlinks/internal/account"
	"smartlinks/internal/business"
	"smartlinks/internal/db/dbtest"
	"smartlinks/internal/link"
	"smartlinks/internal/money"
)

// seesCrossings notes each row that a transaction writes of a second business.
const seesCrossings = `
CREATE TABLE crossings (place TEXT, statement TEXT);
CREATE FUNCTION of_one_business() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE this TEXT; before TEXT := current_setting('test.business', true);
BEGIN
	IF TG_OP = 'DELETE' THEN this := OLD.business_id; ELSE this := NEW.business_id; END IF;
	IF before IS NULL OR before = '' THEN
		PERFORM set_config('test.business', this, true);
	ELSIF before <> this THEN
		INSERT INTO crossings VALUES (TG_TABLE_NAME, left(current_query(), 4000));
	END IF;
	RETURN NULL;
END $$;
DO $$ DECLARE name TEXT; BEGIN
	FOR name IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'business_id'
		WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = CAST('public' AS regnamespace)
	LOOP
		EXECUTE format('CREATE TRIGGER one_business AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION of_one_business()', name);
	END LOOP;
END $$`

// byShard are statements of transactions over several businesses, each of which a server
// makes for all that share its database: on a shard, for those that are there.
var byShard = []string{
	"INSERT INTO views", "INSERT INTO link_", "INSERT INTO business_days", // the recorder of views
	"SET due_at = $1", "SET sync_at = $1", // claims of background work
	"UPDATE mails SET state = 'sent'", // and what it has handed over, written down together
}

// No transaction of a payer or a member is over two businesses, so that they can lie on
// different shards: while two of them sell, members look and change, and mails go out.
func TestNoTransactionIsOverTwoBusinesses(t *testing.T) {
	database := dbtest.NewPostgres(t)
	execOn(t, database, seesCrossings)
	c := &costs{whole: mustWholeOn(t, true, database), t: t}
	ctx, r := t.Context(), c.System
	second, err := r.Businesses.Create(ctx, business.Draft{Name: "Second", Handle: "second"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Accounts.CreateOwner(ctx, second.ID, account.OwnerDraft{Name: "Jo", Email: "jo@second.example", Password: ownersPassword}); err != nil {
		t.Fatal(err)
	}
	price := money.Amount{Minor: 4900, Currency: "EUR"}
	if _, err := r.Links.Create(ctx, second, link.Fields{Active: true, Name: "Seat", Path: "seat", Type: link.Amount, Amount: &price}); err != nil {
		t.Fatal(err)
	}
	if err := c.Serve(ctx, make(chan error, 1)); err != nil {
		t.Fatal(err)
	}
	c.signIn()
	const payers = 16
	var all sync.WaitGroup
	for n := range payers {
		all.Go(func() {
			at := []string{"/atelier/seat", "/second/seat"}[n%2]
			c.asPayer(n, "GET", at, nil)
			// The same person buys of both.
			checkout := c.asPayer(n, "POST", at, url.Values{"name": {"Quirin Vandersloot"}, "email": {fmt.Sprintf("quirin%d@sloot.example", n/2)}})
			c.asPayer(n, "GET", c.decide(checkout, n)+"/status", nil)
		})
	}
	all.Wait()
	c.mailed(2 * payers)
	for _, page := range []string{"", "/links", "/transactions", "/customers"} {
		c.ask("GET", "/dashboard/atelier"+page, nil)
	}
	var crossings []struct{ Place, Statement string }
	if err := r.DB.Select(ctx, &crossings, `SELECT DISTINCT place, statement FROM crossings`); err != nil {
		t.Fatal(err)
	}
	for _, crossing := range crossings {
		ours := false
		for _, statement := range byShard {
			ours = ours || strings.Contains(crossing.Statement, statement)
		}
		if !ours {
			t.Errorf("a transaction writes %s of a second business: %s", crossing.Place, crossing.Statement)
		}
	}
	if len(crossings) == 0 {
		t.Error("nothing is seen, not even what the recorder of views does; the triggers look past it")
	}
}
