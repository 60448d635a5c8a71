package importer

import (
	"testing"

	"smartlinks/internal/business"
)

// What columns of tests and of live payments are called, and what their cells say.
func TestAColumnSaysItsMode(t *testing.T) {
	for _, one := range []struct{ header, field, live, test string }{
		{"mode", "mode", "production", "Sandbox"}, {"Environment", "mode", "LIVE", "test mode"},
		{"livemode", "live", "true", "f"}, {"Live payment", "live", "yes", "test"},
		{"is_test", "test", "false", "TRUE"}, {"test", "test", "no", "yes"}, {"sandbox", "test", "FALSCH", "Wahr"},
		{"Testbetaling", "test", "nee", "ja"}, {"Paiement de test", "test", "non", "oui"}, {"دفعة تجريبية", "test", "لا", "نعم"}, {"Test", "test", "live", "test"},
	} {
		if got := matchIn(FieldsOf(Payments), []string{one.header}); got[0] != one.field {
			t.Errorf("%s is %q", one.header, got[0])
		}
		if live, test := modeSaid(one.field, one.live), modeSaid(one.field, one.test); live != business.Live || test != business.Test {
			t.Errorf("%s: %s is %q, %s is %q", one.header, one.live, live, one.test, test)
		}
		if mode := modeSaid(one.field, "perhaps"); mode != "" {
			t.Errorf("%s: perhaps is %q", one.header, mode)
		}
	}
	if mode := modeSaid("mode", "true"); mode != "" {
		t.Errorf("true is %q where nobody says of what", mode)
	}
}
