// Package importer makes customers, links and past payments of the lines of a file: read and
// kept, matched to fields, looked through, and then made one line after the
// other, behind the answer to the request. However often a file is sent or a
// process dies, nothing is made twice unless somebody asks for it.
package importer

import (
	"context"
	"time"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/job"
	"smartlinks/internal/link"
	"smartlinks/internal/payment"
	"smartlinks/internal/payment/offered"
	"smartlinks/internal/product"
	"smartlinks/internal/publish"
	"smartlinks/internal/spreadsheet"
)

// ID names an import: "imp_…".
type ID string

// Kind says what lines become.
type Kind string

// The kinds.
const (
	Customers Kind = "customers"
	Links     Kind = "links"
	Payments  Kind = "payments" // that were made before
)

// State says how far an import is.
type State string

// The states. A file that is still being read is no import yet.
const (
	Ready   State = "ready"   // read; columns can be matched
	Running State = "running" // lines are being made
	Stopped State = "stopped" // somebody stopped it; what was made stays
	Done    State = "done"
)

// Import is a file on its way to become customers or links.
type Import struct {
	ID     ID
	Kind   Kind
	Name   string // of the file
	State  State
	Header []string // texts that are all empty: the file names no columns
	Fields []string // what each column becomes: a Field's Name, "" for nothing
	// Guessed is the encoding as which the file was read, though it doesn't tell it; ""
	// where the file does.
	Guessed spreadsheet.Encoding
	Options
	Counts
	CreatedAt  time.Time
	FinishedAt *time.Time
}

// Options are what the merchant chooses.
type Options struct {
	// UpdateKnown changes customers who are there already: what the file says
	// replaces what is known, what it leaves empty stays, tags are added.
	UpdateKnown bool
	// Repeat makes again what an earlier line or import has made.
	Repeat bool
	// DateOrder is how days are read; ByFile as the file tells.
	DateOrder DateOrder
}

// Counts are the lines by what became of them.
type Counts struct {
	Waiting, Created, Updated, Kept, Repeated, Failed int64
}

// Total is all lines.
func (c Counts) Total() int64 { return c.Waiting + c.Done() }

// Done is how many lines have had their turn.
func (c Counts) Done() int64 { return c.Created + c.Updated + c.Kept + c.Repeated + c.Failed }

// Row is a line of the file and what is wrong with it.
type Row struct {
	Line     int64 // in the file, as an editor counts
	Cells    []string
	Problems []Problem
}

// Problem is what is wrong with a line, in words for people. Field is the
// Field's Name, "" for the line as a whole.
type Problem struct {
	Field   string `json:"field,omitempty"`
	Message string `json:"message"`
}

// Config is what imports are made of.
type Config struct {
	DB         *db.DB
	Queue      *job.Queue // works on imports that were started
	Businesses *business.Businesses
	Customers  *customer.Customers
	Links      *link.Links
	Publish    *publish.Publisher
	Products   *product.Products
	Payments   *payment.Payments
	// Offered are the providers whose payment links can be taken over, by name.
	Offered map[string]offered.Lister
}

// Imports is the store of imports. It is safe for concurrent use.
type Imports struct {
	Config
	running job.Work[running]
}

// New returns the store. It works on imports once the queue is started.
func New(c Config) *Imports {
	s := &Imports{Config: c}
	s.running = job.Add(c.Queue, job.Kind[running]{
		Name: "imports", AtOnce: 4, AtOnceEach: 2, KeyOf: running.key, GroupOf: running.group,
		Rows: job.Rows{Table: "imports", Key: []string{"id"}, ByWall: true, Group: "business_id", Returning: "business_id, id"},
		Do:   func(ctx context.Context, r running) error { return s.Continue(ctx, r.BusinessID, r.ID) },
	})
	return s
}

// running names an import that is running.
type running struct {
	BusinessID business.ID
	ID         ID
}

func (r running) key() []any    { return []any{r.ID} }
func (r running) group() string { return string(r.BusinessID) }
