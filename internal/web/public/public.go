// Package public asks payers for money: payment pages, links, the shop and waiting lists;
// and it joins all other pages of payers, which are the packages below it. Pages work
// without their one script, and have one stylesheet.
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
	"smartlinks/internal/waitinglist"
	"smartlinks/internal/web/guard"
	"smartlinks/internal/web/public/arrival"
	"smartlinks/internal/web/public/drawing"
	"smartlinks/internal/web/public/frame"
	"smartlinks/internal/web/public/hook"
	"smartlinks/internal/web/public/lookup"
	"smartlinks/internal/web/public/optout"
	"smartlinks/internal/web/public/paymentpage"
	"smartlinks/internal/web/public/sandboxpage"
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
	*frame.Base
	cached   *lookup.Lookup
	pages    *pages
	payment  *paymentpage.Pages
	drawings *drawing.Drawings
	optOuts  *optout.Pages
	checkout *sandboxpage.Pages
	hooks    *hook.Hooks
	arrivals *arrival.Arrivals

	starts, guessers *guard.Meter[netip.Prefix] // of payments and codes, by network
	joiners          *guard.Meter[joiner]       // of waiting lists
	stop             func()
}

// New returns the payers' pages. Call Close at the end.
func New(c Config) *Public {
	b := frame.New(frame.Config{
		DB: c.DB, Businesses: c.Businesses, Catalogue: c.Catalogue, Addresses: c.Addresses, IsMember: c.IsMember, Limits: c.Limits, Log: c.Log,
	})
	known := lookup.New(lookup.Stores{Businesses: c.Businesses, Links: c.Links, Products: c.Products, Coupons: c.Coupons})
	p := &Public{
		Config: c, Base: b, cached: known, pages: newPages(),
		arrivals: arrival.New(b, arrival.Config{Visits: c.Visits, Deliveries: c.Deliveries, Recoveries: c.Recovery, Payments: c.Payments, Links: c.Links, Country: c.Country}),
		payment:  paymentpage.New(b, c.Payments, c.Links, c.Receipts, c.Transfers, c.Messages, c.Waiting),
		drawings: drawing.New(b, known),
		optOuts:  optout.New(b, c.Deliveries, c.Recovery, c.Payments),
		checkout: sandboxpage.New(b, c.Sandbox),
		hooks:    hook.New(b, c.Payments, c.Messages, c.Bounces, known.BusinessByID),
		starts:   guard.NewMeter[netip.Prefix](startsAtOnce, startsPerSecond),
		guessers: guard.NewMeter[netip.Prefix](guessesAtOnce, guessesPerSecond), joiners: guard.NewMeter[joiner](joinsAtOnce, joinsPerSecond),
	}
	p.stop = c.DB.Subscribe(known.Changed)
	return p
}

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
		Refuse: p.Refuse, Fail: p.Fail,
	}
	// A token proves who asks, not a cookie: mail programs post from their own pages.
	tokens := guard.Area{Name: "stop", Policy: guard.PayerPolicy, MaxBody: maxStop, Timeout: timeout, Foreign: true, Refuse: p.Refuse, Fail: p.Fail}
	doors := guard.Area{Name: "hooks", Policy: guard.DataPolicy, MaxBody: maxHook, Timeout: timeout, Foreign: true, Refuse: p.Refuse, Fail: p.Fail}
	mux := http.NewServeMux()
	for pattern, h := range map[string]frame.Handler{
		"GET /pay/{attempt}":                     p.payment.Show,
		"GET /pay/{attempt}/status":              p.payment.Status,
		"GET /pay/{attempt}/receipt":             p.payment.ShowReceipt,
		"GET /pay/{attempt}/receipt.pdf":         p.payment.ReceiptFile,
		"GET /pay/{attempt}/credit-notes/{file}": p.payment.CreditNoteFile,
		"GET /pay/{attempt}/transfer.svg":        p.payment.TransferCode,
		"POST /pay/{attempt}/another":            p.payment.PayAnother,
		"GET /sandbox/{id}":                      p.checkout.Show,
		"POST /sandbox/{id}":                     p.checkout.Decide,
		"GET /images/{business}/{image}":         p.showImage,
		"GET /images/{business}/look.css":        p.ShowStylesheet,
		"GET /r/{token}":                         p.arrivals.ShortLink,
		"GET /s/{token}":                         p.optOuts.ShowOptOut,
		"GET /waiting/{token}":                   p.showWaiting,
		"POST /waiting/{token}":                  p.leaveWaiting,
		"POST /waiting/{token}/quantity":         p.changeWaiting,
		"GET /waiting/{token}/leave":             p.askLeave,
		"POST /waiting/{token}/leave":            p.leaveWaiting,
	} {
		mux.Handle(pattern, g.Protect(pages, p.Answer(h)))
	}
	mux.Handle("POST /s/{token}", g.Protect(tokens, p.Answer(p.optOuts.OptOut)))
	mux.Handle("POST /s/{token}/again", g.Protect(pages, p.Answer(p.optOuts.OptIn)))
	for _, method := range []string{"GET", "POST"} { // MessageBird reports by GET
		mux.Handle(method+" /hooks/sms/{gateway}/{business}", g.Protect(doors, http.HandlerFunc(p.hooks.ReceiveSMS)))
	}
	mux.Handle("POST /hooks/mail/{service}/{business}", g.Protect(doors, http.HandlerFunc(p.hooks.ReceiveMail)))
	mux.Handle("POST /hooks/{provider}/{business}", g.Protect(doors, http.HandlerFunc(p.hooks.ReceiveWebhook)))
	handles := g.Protect(pages, p.Answer(p.dispatch))
	withoutTail := g.Protect(pages, p.Answer(p.withoutTail))
	missing := g.Protect(pages, p.Answer(p.missing))
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
