package requests

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/mailaddr"
	"smartlinks/internal/message"
	"smartlinks/internal/money"
	"smartlinks/internal/text"
)

var nameRule = text.Rule{Most: 120, Required: true}

// Create writes rows down, each with whether it can be sent, and starts sending them, now or
// at their time. Rows that are Failed already keep their reason. Errors: a SameError, Invalid
// with the fields "name", "rows", "channels", "message" and "send_at".
func (s *Requests) Create(ctx context.Context, b business.Business, name string, rows []Row, how How) (id ID, err error) {
	if err := s.check(ctx, b, &name, rows); err != nil {
		return "", err
	}
	err = s.DB.InTx(ctx, func(tx *db.Tx) error {
		if id, err = s.keepTx(ctx, tx, b, name, rows); err != nil {
			return err
		}
		return s.startTx(ctx, tx, b, id, how)
	})
	return id, err
}

// check refuses what nobody could be sent, and marks the rows that can't be.
func (s *Requests) check(ctx context.Context, b business.Business, name *string, rows []Row) error {
	var wrong fault.Fields
	*name = nameRule.Clean("name", *name, wrong.Add)
	if len(rows) < 1 || len(rows) > MaxRows {
		wrong.Add("rows", "rows.count", fmt.Sprintf("Send 1 to %d rows.", MaxRows))
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	amounts, references, seen := map[money.Amount]string{}, map[string]int64{}, map[string]int64{}
	for i := range rows {
		r := &rows[i]
		r.Number = int64(i + 1)
		r.Name, r.Email, r.Phone, r.Reference = strings.TrimSpace(r.Name), strings.TrimSpace(r.Email), strings.TrimSpace(r.Phone), strings.TrimSpace(r.Reference)
		if r.State == Failed {
			continue // it could not be read
		}
		refused, known := amounts[r.Amount]
		if !known {
			var err error
			if refused, err = s.refusesAmount(ctx, b, *name, *r); err != nil {
				return err
			}
			amounts[r.Amount] = refused
		}
		r.State, r.Reason = Waiting, ""
		fail := func(why string) { r.State, r.Reason = Failed, why }
		if refused != "" {
			fail(About("amount", refused))
		} else if len([]rune(r.Name)) > customer.MaxName {
			fail(About("name", fmt.Sprintf("Use at most %d characters.", customer.MaxName)))
		} else if len([]rune(r.Reference)) > link.MaxReference {
			fail(About("reference", fmt.Sprintf("Use at most %d characters.", link.MaxReference)))
		} else if why := unreachable(b, *r); why != "" {
			fail(why)
		} else if first, twice := references[r.Reference]; twice && r.Reference != "" {
			fail(sameReference(first))
		} else if first, twice := seen[content(*r)]; twice {
			fail(sameRow(first))
		} else {
			references[r.Reference], seen[content(*r)] = r.Number, r.Number
		}
	}
	return nil
}

// refusesAmount says why no link can ask for the amount of a row, "" where one can.
func (s *Requests) refusesAmount(ctx context.Context, b business.Business, name string, r Row) (string, error) {
	err := s.Links.Check(ctx, s.DB, b, fieldsOf(name, r))
	said := fault.Of(err)
	if said == nil || said.Code != fault.Invalid {
		return "", err
	}
	for _, f := range said.Fields {
		if strings.HasPrefix(f.Name, "amount") {
			return f.Message, nil
		}
	}
	return "", nil
}

func sameReference(row int64) string { return fmt.Sprintf("Same reference as row %d.", row) }

func sameRow(row int64) string {
	return fmt.Sprintf("The same as row %d. Give each a reference of its own to ask twice.", row)
}

// unreachable says why nobody can be reached by what a row holds, "" when somebody may.
func unreachable(b business.Business, r Row) string {
	if r.Email == "" && r.Phone == "" {
		return "There is neither an email address nor a phone number."
	}
	if r.Email != "" {
		if _, err := mailaddr.Parse(r.Email); err == nil {
			return ""
		} else if refusal := new(mailaddr.Refusal); r.Phone == "" && errors.As(err, &refusal) {
			return About("email", refusal.Message)
		}
	}
	if r.Phone != "" {
		if _, refusal := customer.ParsePhone(r.Phone, b); refusal != nil {
			return About("phone", refusal.Message)
		}
	}
	return ""
}

// fieldsOf is the link of a row.
func fieldsOf(name string, r Row) link.Fields {
	f := link.Defaults()
	f.Name, f.Reference, f.Limit = name, r.Reference, link.Limit{Kind: link.Once}
	f.Amount = &r.Amount
	return f
}

func (s *Requests) keepTx(ctx context.Context, tx *db.Tx, b business.Business, name string, rows []Row) (ID, error) {
	made, err := tx.NewID("req")
	if err != nil {
		return "", err
	}
	_, err = tx.Exec(ctx, `INSERT INTO request_batches (id, business_id, mode, name, state, digest, total, created_at) VALUES ($1, $2, $3, $4, 'draft', $5, $6, $7)`,
		made, b.ID, b.Mode, name, digest(b, rows), len(rows), db.At(tx.Now()))
	if err != nil {
		return "", err
	}
	for part := range slices.Chunk(rows, 100) {
		arguments, values := []any{made, b.ID}, make([]string, len(part))
		for i, r := range part {
			variables := ""
			if len(r.Variables) > 0 {
				encoded, err := json.Marshal(r.Variables)
				if err != nil {
					return "", err
				}
				variables = string(encoded)
			}
			values[i] = `($1, $2, ` + db.In(10, len(arguments)+1) + `)`
			arguments = append(arguments, r.Number, r.State, r.Reason, r.Name, r.Email, r.Phone, r.Amount.Minor, r.Amount.Currency, r.Reference, variables)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO request_rows (batch_id, business_id, number, state, reason, name, email, phone, amount_minor, currency, reference, variables)
			VALUES `+strings.Join(values, ", "), arguments...); err != nil {
			return "", err
		}
	}
	return ID(made), nil
}

// content is all that a row says, to tell the same one again.
func content(r Row) string {
	variables, _ := json.Marshal(r.Variables) // a map of strings always encodes, in the order of its keys
	return strings.Join([]string{r.Name, strings.ToLower(r.Email), r.Phone, r.Amount.Decimal(), string(r.Amount.Currency), r.Reference, string(variables)}, "\x00")
}

// digest tells the same rows again, whatever their order.
func digest(b business.Business, rows []Row) string {
	lines := make([]string, len(rows))
	for i, r := range rows {
		lines[i] = content(r)
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(string(b.Mode) + "\x01" + strings.Join(lines, "\x01")))
	return hex.EncodeToString(sum[:])
}

// startTx begins to send what was written down.
func (s *Requests) startTx(ctx context.Context, tx *db.Tx, b business.Business, id ID, how How) error {
	// Two of the same rows at once come one after the other.
	if err := tx.Lock(ctx, "requests "+string(b.ID)); err != nil {
		return err
	}
	batch, err := s.get(ctx, tx, b, id)
	if err != nil {
		return err
	}
	if batch.State != Draft {
		return fault.New(fault.Conflict, "This batch was started already.")
	}
	if err := s.checkHow(ctx, tx, b, id, how); err != nil {
		return err
	}
	if !how.Again {
		if err := same(ctx, tx, b, id); err != nil {
			return err
		}
	}
	reminders := ""
	if how.Reminders != nil {
		encoded, err := json.Marshal(how.Reminders)
		if err != nil {
			return err
		}
		reminders = string(encoded)
	}
	due := db.At(tx.Now())
	var sendAt *db.Time
	if how.At != nil {
		due = db.At(*how.At)
		sendAt = &due
	}
	_, err = tx.Exec(ctx, `UPDATE request_batches SET state = 'running', channels = $3, message = $4, reminders = $5, send_at = $6, due_at = $7, started_at = $8
		WHERE business_id = $1 AND id = $2 AND state = 'draft'`, b.ID, id, joined(how.Channels), how.Message, reminders, sendAt, due, db.At(tx.Now()))
	s.work.DueAt(tx, due.Time)
	tx.Notify(Topic, string(id))
	return err
}

// Topic is under which pages are told how far a batch is, by its id.
const Topic = "requests"

// same finds the same rows in a batch that was started within a day.
func same(ctx context.Context, tx *db.Tx, b business.Business, id ID) error {
	var before ID
	err := tx.Get(ctx, &before, `SELECT o.id FROM request_batches o JOIN request_batches n ON n.business_id = $1 AND n.id = $2
		WHERE o.business_id = $1 AND o.digest = n.digest AND o.started_at >= $3 AND o.id <> n.id ORDER BY o.id DESC LIMIT 1`, b.ID, id, db.At(tx.Now().Add(-sameWithin)))
	if errors.Is(err, db.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return &SameError{fault.New(fault.Conflict, "The same rows were sent within the last day, as batch "+string(before)+". Say “again” to send them once more."), before}
}

// checkHow finds what is wrong with how rows are to be sent.
func (s *Requests) checkHow(ctx context.Context, tx *db.Tx, b business.Business, id ID, how How) error {
	var wrong fault.Fields
	if len(how.Channels) == 0 {
		wrong.Add("channels", "channels.none", "Choose email, SMS or both.")
	}
	for _, c := range how.Channels {
		if c != message.ByEmail && c != message.BySMS && !wrong.Has("channels") {
			wrong.Add("channels", "channels.unknown", "Choose email or sms.")
		}
	}
	if how.At != nil {
		if err := (delivery.Request{At: how.At}).CheckAt(tx.Now()); err != nil {
			wrong = append(wrong, fault.Of(err).Fields...)
		}
	}
	rows, err := s.rows(ctx, tx, b.ID, id, Waiting, 0, MaxRows)
	if err != nil {
		return err
	}
	for _, found := range variable.FindAllStringSubmatch(how.Message, -1) {
		if name := found[1]; !hasVariable(name, rows) && !wrong.Has("message") {
			wrong.Add("message", "message.variable", fmt.Sprintf("There is no %s in every row. You can use {reference}, %s and the columns that all rows have.", "{"+name+"}", "{"+strings.Join(delivery.Variables(), "}, {")+"}"))
		}
	}
	if len([]rune(how.Message)) > delivery.MaxMessage {
		wrong.Add("message", "message.long", fmt.Sprintf("Use at most %d characters.", delivery.MaxMessage))
	}
	return wrong.Err()
}

// hasVariable reports whether a message may hold the variable.
func hasVariable(name string, rows []Row) bool {
	if name == "reference" || slices.Contains(delivery.Variables(), name) {
		return true
	}
	return !slices.ContainsFunc(rows, func(r Row) bool { _, has := r.Variables[name]; return !has })
}

func joined(channels []message.Channel) string {
	var all []string
	for _, c := range channels {
		all = append(all, string(c))
	}
	return strings.Join(all, ",")
}
