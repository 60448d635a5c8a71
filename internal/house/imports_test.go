package house

import (
	"slices"
	"strings"
	"testing"
)

var (
	// leaves know nothing of us and can be read alone. docs are the guides that the
	// server shows.
	leaves = []string{"docs", "fault", "money", "clock", "id", "secret", "text", "mailaddr", "qr", "picture", "calendar", "typeset", "outbound", "spreadsheet", "clidoc", "cli", "batch", "cache", "filelock", "lookup", "i18n", "sepa", "address", "geo", "version"}

	// features stand in the order in which they may know each other: each
	// one only those before it.
	features = []string{
		"testclock", "business", "idempotency", "audit", "account", "grant", "certificate", "domain", "checkout", "product", "tag", "customer", "link", "coupon", "share", "saved",
		"payment", "statement", "receipt", "visit", "message", "waitinglist", "delivery", "bounce", "reminder", "recovery", "publish", "requests", "attention", "webhook", "alert", "payrequest", "importer",
	}

	// providers are ways to be paid; they know payment/provider, and payment knows none.
	providers = []string{"payment/stripe", "payment/mollie", "payment/sandbox", "payment/manual", "payment/banktransfer"}
)

// sole names the rooms that keep a library to themselves, so that replacing
// it means changing no other.
var sole = map[string][]string{
	"github.com/fsnotify/": {"db"},
}

func TestImportsPointOneWay(t *testing.T) {
	for _, f := range goFiles(t) {
		from, ours := room(f.Folder())
		if !ours || f.ForTests() {
			continue
		}
		if why := misplaced(from); why != "" {
			t.Errorf("%s: %s", f.Path, why)
			continue
		}
		f.Imports(func(imported, at string) {
			if why := refusal(from, imported); why != "" {
				t.Errorf("%s: imports %s, but %s", at, imported, why)
			}
		})
	}
}

// room turns a folder into the name of its room: internal/payment/stripe is
// payment/stripe, cmd/smartlinks is cmd, docs is docs. Other folders (bench, e2e) are
// modules of their own and no rooms.
func room(folder string) (string, bool) {
	if name, ok := strings.CutPrefix(folder, "internal/"); ok {
		return name, true
	}
	if folder == "docs" {
		return folder, true
	}
	return "cmd", folder == "cmd" || strings.HasPrefix(folder, "cmd/")
}

// floor is the first part of a room's name: payment of payment/stripe.
func floor(room string) string {
	name, _, _ := strings.Cut(room, "/")
	return name
}

// misplaced says what is wrong with a room that has no place in the order.
func misplaced(room string) string {
	known := slices.Concat(leaves, features, []string{"db", "job", "web", "system", "app", "cmd", "house"})
	if slices.Contains(known, floor(room)) {
		return ""
	}
	return "the room " + room + " has no place in the order; give it one in internal/house/imports_test.go"
}

// refusal is the reason why the room from may not import a package, or "".
func refusal(from, imported string) string {
	for prefix, keepers := range sole {
		if strings.HasPrefix(imported, prefix) && !slices.Contains(keepers, floor(from)) {
			return "only " + strings.Join(keepers, " and ") + " may"
		}
	}
	folder, ours := strings.CutPrefix(imported, module+"/")
	if !ours {
		return ""
	}
	to, ok := room(folder)
	switch {
	case !ok:
		return "nothing in the product imports " + folder
	case servesTests(to):
		return "only tests import what serves tests"
	case slices.Contains(leaves, floor(from)):
		return "leaves import nothing of ours"
	case from == "statement" && to == "payment/banktransfer":
		return "" // what banks say is about transfers, and about nothing else
	case slices.Contains(providers, to) && !slices.Contains([]string{"web", "system", "app"}, floor(from)) && from != to:
		return "payment and the other features know no provider"
	case slices.Contains(providers, from) && to == "payment" && from != "payment/banktransfer": // which a person books
		return "providers know payment/provider, and not what payment does"
	case floor(to) == floor(from), slices.Contains(leaves, floor(to)):
		return ""
	}
	switch at := slices.Index(features, floor(from)); {
	case at >= 0:
		return featureRefusal(at, floor(to))
	case floor(from) == "db":
		return "db imports only leaves"
	case floor(from) == "job" && floor(to) != "db":
		return "job imports only db and leaves"
	case floor(from) == "web" && (floor(to) == "app" || floor(to) == "system"):
		return "web is wired by app, and knows neither it nor system"
	case floor(from) == "system" && floor(to) == "app":
		return "only cmd imports app"
	}
	return ""
}

// featureRefusal is refusal for the feature at this place of the order.
func featureRefusal(at int, to string) string {
	if to == "db" || to == "job" || slices.Contains(features[:at], to) {
		return ""
	}
	if slices.Contains(features, to) {
		return to + " comes after " + features[at] + " in the order of features"
	}
	return "a feature imports only db, job, leaves and features before it"
}

func TestRefusalOfImports(t *testing.T) {
	for _, c := range []struct {
		from, imported string
		refused        bool
	}{
		{"money", "smartlinks/internal/fault", true},
		{"money", "strings", false},
		{"db", "smartlinks/internal/clock", false},
		{"db", "smartlinks/internal/business", true},
		{"db", "smartlinks/internal/job", true},
		{"job", "smartlinks/internal/db", false},
		{"job", "smartlinks/internal/payment", true},
		{"db", "github.com/fsnotify/fsnotify", false},
		{"payment", "github.com/fsnotify/fsnotify", true},
		{"link", "smartlinks/internal/product", false},
		{"link", "smartlinks/internal/payment", true},
		{"link", "smartlinks/internal/job", false},
		{"link", "smartlinks/internal/web/ui", true},
		{"link", "smartlinks/internal/app", true},
		{"link", "smartlinks/internal/db/dbtest", true},
		{"visit", "smartlinks/internal/visit/source", false},
		{"visit", "smartlinks/internal/payment/sandbox", true},
		{"payment", "smartlinks/internal/payment/stripe", true},
		{"payment/stripe", "smartlinks/internal/payment", true},
		{"payment/stripe", "smartlinks/internal/payment/provider", false},
		{"payment/banktransfer", "smartlinks/internal/payment", false},
		{"payment/stripe", "smartlinks/internal/payment/mollie", true},
		{"web/public", "smartlinks/internal/payment/sandbox", false},
		{"web/public", "smartlinks/internal/web/ui", false},
		{"web/api", "smartlinks/internal/app", true},
		{"web/api", "smartlinks/internal/system", true},
		{"system", "smartlinks/internal/web/api", false},
		{"system", "smartlinks/internal/payment/sandbox", false},
		{"system", "smartlinks/internal/app", true},
		{"link", "smartlinks/internal/system", true},
		{"app", "smartlinks/internal/web/api", false},
		{"app", "smartlinks/internal/payment/sandbox", false},
		{"cmd", "smartlinks/internal/app", false},
		{"app", "smartlinks/bench", true},
	} {
		why := refusal(c.from, c.imported)
		if refused := why != ""; refused != c.refused {
			t.Errorf("%s importing %s: refused is %v (%s), want %v", c.from, c.imported, refused, why, c.refused)
		}
	}
}
