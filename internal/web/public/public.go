// Package public is what payers see: payment pages, links, the shop, the state
// of a payment, QR codes; and the doors through which providers report. Its
// pages work without their one script, and have one stylesheet.
package public

import (
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"smartlinks/internal/address"
	"smartlinks/internal/bounce"
	"smartlinks/internal/business"
	"smartlinks/internal/coupon"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/domain"
	"smartlinks/internal/i18n"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/banktransfer"
	"smartlinks/internal/payment/sandbox"
	"smartlinks/internal/product"
	"smartlinks/internal/receipt"
	"smartlinks/internal/recovery"
	"smartlinks/internal/visit"
	"smartlinks/internal/visit/source"
	"smartlinks/internal/waitinglist"
	"smartlinks/internal/web/guard"
)

// Config is what the payers' pages are made of.
type Config struct {
	DB         *db.DB
	Businesses *business.Businesses
	Links      *link.Links
	Products   *product.Products
	Coupons    *coupon.Coupons
	Payments   *payment.Payments
	Receipts   *receipt.Receipts
	// Sandbox is nil in an installation that moves real money.
	Sandbox *sandbox.Sandbox
	// Transfers know where payers send money from their bank.
	Transfers *banktransfer.Transfers
	Visits    *visit.Recorder
	// Messages hear what SMS gateways report.
	Messages *message.Messages
	// Bounces hear what mail services report.
	Bounces *bounce.Bounces
	Waiting *waitinglist.List
	// Recovery brings back what was typed in payments that were not finished.
	Recovery *recovery.Recoveries
	// Deliveries know whose the short links are.
	Deliveries *delivery.Deliveries
	Domains    *domain.Domains
	Catalogue  *i18n.Catalogue
	// IsMember tells the merchant's own visits; nil: nobody's are.
	IsMember func(r *http.Request, id business.ID) bool
	// Closed says that nothing is sold for some minutes; nil: never.
	Closed func() bool
	// Country is where an address is in use, as two letters, "" where that is not known; nil:
	// nobody knows.
	Country func(netip.Addr) string
	// Addresses makes our web addresses.
	Addresses address.Book
	// Limits says whether a network is refused that starts too many payments, has too
	// many pictures drawn or sends too many reports, and whether its views are counted.
	Limits bool
	Log    *slog.Logger
}

// Public serves the payers' pages. It is safe for concurrent use.
type Public struct {
	Config
	cached          *cached
	pages           *pages
	localizers      *localizers
	agents          *source.Agents
	zones           zones
	starts, viewers *guard.Meter[netip.Prefix] // by network
	// Unsigned reports, by network and by payment.
	reporters, reported *guard.Meter[string]
	drawers             *guard.Meter[string]       // of codes with a logo, posters and cards, by network
	guessers            *guard.Meter[netip.Prefix] // of codes, by network
	joiners             *guard.Meter[joiner]       // of waiting lists
	stop                func()
}

// New returns the payers' pages. Call Close at the end.
func New(c Config) *Public {
	p := &Public{Config: c, cached: newCached(c), pages: newPages(), localizers: newLocalizers(c.Catalogue), agents: source.NewAgents(keptAgents), starts: guard.NewMeter[netip.Prefix](startsAtOnce, startsPerSecond), viewers: guard.NewMeter[netip.Prefix](viewsAtOnce, viewsPerSecond),
		reporters: guard.NewMeter[string](reportsAtOnce, reportsPerSecond), reported: guard.NewMeter[string](reportsOfOne, reportsOfOnePerSecond),
		drawers: guard.NewMeter[string](drawingsAtOnce, drawingsPerSecond), joiners: guard.NewMeter[joiner](joinsAtOnce, joinsPerSecond), guessers: guard.NewMeter[netip.Prefix](guessesAtOnce, guessesPerSecond)}
	p.stop = c.DB.Subscribe(p.cached.changed)
	return p
}

// keptAgents is how many browsers' names are kept read, of 1 KB each at most.
const keptAgents = 2_000

// Close ends listening for changes.
func (p *Public) Close() { p.stop() }

// The bounds of a request. Hooks carry a provider's event, forms a few fields.
const (
	maxForm = 512 << 10 // of all answers, as browsers write them
	maxStop = 64 << 10
	maxHook = 1 << 20
	timeout = 30 * time.Second
)

// Handler serves everything that no other room has: the fixed routes of payers
// and providers, and /{handle}/….
func (p *Public) Handler(g *guard.Guard) http.Handler {
	pages := guard.Area{
		Name: "public", Policy: guard.PayerPolicy, MaxBody: maxForm, Timeout: timeout,
		Refuse: p.refuse, Fail: p.fail,
	}
	// A token proves who asks, not a cookie: mail programs post from their own pages.
	tokens := guard.Area{Name: "stop", Policy: guard.PayerPolicy, MaxBody: maxStop, Timeout: timeout, Foreign: true, Refuse: p.refuse, Fail: p.fail}
	hooks := guard.Area{Name: "hooks", Policy: guard.DataPolicy, MaxBody: maxHook, Timeout: timeout, Foreign: true, Refuse: p.refuse, Fail: p.fail}
	mux := http.NewServeMux()
	for pattern, h := range map[string]handler{
		"GET /pay/{attempt}":                     p.showPayment,
		"GET /pay/{attempt}/status":              p.paymentStatus,
		"GET /pay/{attempt}/receipt":             p.showReceipt,
		"GET /pay/{attempt}/receipt.pdf":         p.receiptFile,
		"GET /pay/{attempt}/credit-notes/{file}": p.creditNoteFile,
		"GET /pay/{attempt}/transfer.svg":        p.transferCode,
		"POST /pay/{attempt}/another":            p.payAnother,
		"GET /sandbox/{id}":                      p.sandboxPage,
		"POST /sandbox/{id}":                     p.decideSandbox,
		"GET /images/{business}/{image}":         p.showImage,
		"GET /images/{business}/look.css":        p.showStylesheet,
		"GET /r/{token}":                         p.shortLink,
		"GET /s/{token}":                         p.showOptOut,
		"GET /waiting/{token}":                   p.showWaiting,
		"POST /waiting/{token}":                  p.leaveWaiting,
		"POST /waiting/{token}/quantity":         p.changeWaiting,
		"GET /waiting/{token}/leave":             p.askLeave,
		"POST /waiting/{token}/leave":            p.leaveWaiting,
	} {
		mux.Handle(pattern, g.Protect(pages, p.answer(h)))
	}
	mux.Handle("POST /s/{token}", g.Protect(tokens, p.answer(p.optOut)))
	mux.Handle("POST /s/{token}/again", g.Protect(pages, p.answer(p.optIn)))
	for _, method := range []string{"GET", "POST"} { // MessageBird reports by GET
		mux.Handle(method+" /hooks/sms/{gateway}/{business}", g.Protect(hooks, http.HandlerFunc(p.receiveSMSHook)))
	}
	mux.Handle("POST /hooks/mail/{service}/{business}", g.Protect(hooks, http.HandlerFunc(p.receiveMailHook)))
	mux.Handle("POST /hooks/{provider}/{business}", g.Protect(hooks, http.HandlerFunc(p.receiveWebhook)))
	handles := g.Protect(pages, p.answer(p.dispatch))
	withoutTail := g.Protect(pages, p.answer(p.withoutTail))
	missing := g.Protect(pages, p.answer(p.missing))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if absent(r) {
			missing.ServeHTTP(w, r)
			return
		}
		if _, found := cutTail(r); found {
			withoutTail.ServeHTTP(w, r)
			return
		}
		if _, pattern := mux.Handler(r); pattern == "" {
			handles.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}
