package requests

import (
	"context"
	"errors"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
	"smartlinks/internal/publish"
	"smartlinks/internal/reminder"
	"smartlinks/internal/secret"
)

// rowsAtOnce is how many rows are read together.
const rowsAtOnce = 50

// proceed sends the rows that wait, each in a transaction of its own. Whoever proceeds at
// the same time, or after a kill, sends none twice: a row is claimed by the transaction
// that makes its link and queues its message.
func (s *Requests) proceed(ctx context.Context, o open) error {
	b, err := s.Businesses.ByID(ctx, o.BusinessID)
	if err != nil {
		return err
	}
	if err := s.DB.Get(ctx, &b.Mode, `SELECT mode FROM request_batches WHERE business_id = $1 AND id = $2`, b.ID, o.ID); err != nil {
		return err
	}
	batch, err := s.Get(ctx, b, o.ID)
	if err != nil || batch.State != Running && batch.State != Scheduled {
		return err
	}
	for after := int64(0); ; {
		rows, err := s.rows(ctx, s.DB, b.ID, o.ID, Waiting, after, rowsAtOnce)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			return s.finish(ctx, o)
		}
		for _, r := range rows {
			after = r.Number
			if going, err := s.take(ctx, b, batch, r); err != nil || !going {
				return err
			}
		}
	}
}

// errUnreachable ends a row for whom no way is open.
type errUnreachable string

func (e errUnreachable) Error() string { return string(e) }

// take sends a row, or notes why it can't be sent. It reports false when the batch was
// stopped.
func (s *Requests) take(ctx context.Context, b business.Business, batch Batch, r Row) (going bool, err error) {
	going, err = s.try(ctx, b, batch, r)
	if refusal(err) != "" { // another may have made the same customer at this moment: they are found now
		going, err = s.try(ctx, b, batch, r)
	}
	why := refusal(err)
	if why == "" {
		return going, err
	}
	err = s.DB.InTx(ctx, func(tx *db.Tx) error {
		mine := false
		if going, mine, err = claim(ctx, tx, b.ID, batch.ID, r.Number); err != nil || !mine {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE request_rows SET state = 'failed', reason = $4 WHERE business_id = $1 AND batch_id = $2 AND number = $3`, b.ID, batch.ID, r.Number, why)
		tx.Notify(Topic, string(batch.ID))
		return err
	})
	return going, err
}

// try sends a row, if it waits still.
func (s *Requests) try(ctx context.Context, b business.Business, batch Batch, r Row) (going bool, err error) {
	err = s.DB.InTx(ctx, func(tx *db.Tx) error {
		mine := false
		if going, mine, err = claim(ctx, tx, b.ID, batch.ID, r.Number); err != nil || !mine {
			return err
		}
		made, err := s.send(ctx, tx, b, batch, r)
		if err != nil {
			return err
		}
		// Customer and link have it now.
		_, err = tx.Exec(ctx, `UPDATE request_rows SET state = 'sent', link_id = $4, name = '', email = '', phone = '', variables = '' WHERE business_id = $1 AND batch_id = $2 AND number = $3`,
			b.ID, batch.ID, r.Number, made)
		tx.Notify(Topic, string(batch.ID))
		return err
	})
	return going, err
}

// refusal is why a row can't be sent, "" for success and for what may pass.
func refusal(err error) string {
	var unreachable errUnreachable
	if errors.As(err, &unreachable) {
		return string(unreachable)
	}
	said := fault.Of(err)
	if err == nil || said == nil || said.Code != fault.Invalid && said.Code != fault.Conflict && said.Code != fault.NotFound {
		return ""
	}
	var all []string
	for _, f := range said.Fields {
		all = append(all, About(f.Name, f.Message))
	}
	if len(all) == 0 {
		return said.Message
	}
	return strings.Join(all, " ")
}

// claim takes a row that waits, while its batch runs: going says that the batch does, mine
// that the row is this transaction's.
func claim(ctx context.Context, tx *db.Tx, businessID business.ID, id ID, number int64) (going, mine bool, err error) {
	if err := tx.Get(ctx, &going, `SELECT EXISTS (SELECT 1 FROM request_batches WHERE business_id = $1 AND id = $2 AND state = 'running')`, businessID, id); err != nil || !going {
		return going, false, err
	}
	n, err := tx.Exec(ctx, `UPDATE request_rows SET state = 'waiting' WHERE business_id = $1 AND batch_id = $2 AND number = $3 AND state = 'waiting'`, businessID, id, number)
	return going, n == 1, err
}

// send makes the link of a row and queues its message.
func (s *Requests) send(ctx context.Context, tx *db.Tx, b business.Business, batch Batch, r Row) (link.ID, error) {
	who, err := s.customer(ctx, tx, b, r)
	if err != nil {
		return "", err
	}
	reach, err := s.Deliveries.Reach(ctx, tx, b, who)
	if err != nil {
		return "", err
	}
	var ways []message.Channel
	why := ""
	for _, channel := range batch.How.Channels {
		if way := reach.Way(channel); way.Possible() {
			ways = append(ways, channel)
		} else {
			why = way.Why
		}
	}
	if len(ways) == 0 {
		return "", errUnreachable(why)
	}
	f := fieldsOf(batch.Name, r)
	if f.Path, err = s.path(batch.Name, b.Locale); err != nil {
		return "", err
	}
	f.CustomerID = who.ID
	with := publish.With{Send: func(customer.ID) delivery.Request {
		return delivery.Request{Customers: []customer.ID{who.ID}, Channels: ways, Message: personal(batch.How.Message, r)}
	}}
	if batch.How.Reminders != nil {
		with.Reminders = func(*reminder.Settings) (*reminder.Settings, error) { return batch.How.Reminders, nil }
	}
	made, err := s.Publish.CreateTx(ctx, tx, b, f, with)
	return made.Link.ID, err
}

// fieldsOfCustomer is what a row says of whom it is for, as far as it can be kept.
func fieldsOfCustomer(b business.Business, r Row) customer.Fields {
	f := customer.Fields{Name: r.Name, Email: r.Email, Phone: r.Phone}
	if customer.Check(b, f) != nil && r.Phone != "" && r.Email != "" { // one of the two is enough
		if f.Phone = ""; customer.Check(b, f) != nil {
			f.Phone, f.Email = r.Phone, ""
		}
	}
	if f.Name == "" && f.Email == "" {
		f.Name = f.Phone
	}
	return f
}

// customer finds whom a row is for by the e-mail address, or makes them. A phone number
// that the customer lacks is added.
func (s *Requests) customer(ctx context.Context, tx *db.Tx, b business.Business, r Row) (customer.Customer, error) {
	f := fieldsOfCustomer(b, r)
	id, err := s.Customers.WithEmail(ctx, tx, b.ID, f.Email)
	if err != nil {
		return customer.Customer{}, err
	}
	if id == "" {
		return s.Customers.CreateTx(ctx, tx, b, f)
	}
	c, err := s.Customers.GetTx(ctx, tx, b.ID, id)
	if err != nil || c.Phone != "" || f.Phone == "" {
		return c, err
	}
	return s.Customers.EditTx(ctx, tx, b, id, 0, func(known *customer.Fields) { known.Phone = f.Phone })
}

// path is one that can't be guessed from another's: a request is for one person.
func (s *Requests) path(name, language string) (string, error) {
	token, err := secret.Short(s.DB.Random())
	if err != nil {
		return "", err
	}
	path := []rune(link.SuggestPath(name, language))
	return strings.Trim(string(path[:min(len(path), 60)]), "-") + "-" + strings.ToLower(token), nil
}

// personal is the message with what only a batch knows of a row. A value is never read
// for variables: its braces become brackets.
func personal(words string, r Row) string {
	plain := strings.NewReplacer("{", "(", "}", ")")
	return variable.ReplaceAllStringFunc(words, func(found string) string {
		name := variable.FindStringSubmatch(found)[1]
		if name == "reference" {
			return plain.Replace(r.Reference)
		}
		if value, has := r.Variables[name]; has {
			return plain.Replace(value)
		}
		return found
	})
}

// finish ends a batch all of whose rows had their turn.
func (s *Requests) finish(ctx context.Context, o open) error {
	return s.DB.InTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE request_batches SET state = 'done', due_at = NULL, finished_at = $3 WHERE business_id = $1 AND id = $2 AND state = 'running'`, o.BusinessID, o.ID, db.At(tx.Now()))
		tx.Notify(Topic, string(o.ID))
		return err
	})
}

// Stop keeps the rows that wait from being sent. What was sent stays sent. Errors:
// NotFound, Conflict when nothing is left to stop.
func (s *Requests) Stop(ctx context.Context, b business.Business, id ID) error {
	return s.DB.InTx(ctx, func(tx *db.Tx) error {
		if _, err := s.get(ctx, tx, b, id); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE request_batches SET state = 'stopped', due_at = NULL, finished_at = $3 WHERE business_id = $1 AND id = $2 AND state = 'running'`, b.ID, id, db.At(tx.Now()))
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Conflict, "This batch is not being sent, so there is nothing to stop.")
		}
		_, err = tx.Exec(ctx, `UPDATE request_rows SET state = 'stopped' WHERE business_id = $1 AND batch_id = $2 AND state = 'waiting'`, b.ID, id)
		tx.Notify(Topic, string(id))
		return err
	})
}
