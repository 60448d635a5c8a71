package requests

import (
	"context"
	"strings"

	"smartlinks/internal/business"
	"smartlinks/internal/customer"
	"smartlinks/internal/db"
	"smartlinks/internal/delivery"
	"smartlinks/internal/fault"
	"smartlinks/internal/link"
	"smartlinks/internal/message"
)

// Keep writes the rows of a file down as a draft, each with whether it can be sent. Rows
// that are Failed already keep their reason. Errors: Invalid with the fields "name" and "rows".
func (s *Requests) Keep(ctx context.Context, b business.Business, name, file string, rows []Row) (id ID, err error) {
	if err := s.check(ctx, b, &name, rows); err != nil {
		return "", err
	}
	err = s.DB.InTx(ctx, func(tx *db.Tx) error {
		if id, err = s.keepTx(ctx, tx, b, name, rows); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE request_batches SET file = $3 WHERE business_id = $1 AND id = $2`, b.ID, id, file)
		return err
	})
	return id, err
}

// Start begins to send a draft, now or at its time. Errors: NotFound, Conflict when it was
// started, a SameError, Invalid with the fields "channels", "message" and "send_at".
func (s *Requests) Start(ctx context.Context, b business.Business, id ID, how How) error {
	return s.DB.InTx(ctx, func(tx *db.Tx) error { return s.startTx(ctx, tx, b, id, how) })
}

// Discard deletes a draft. Errors: NotFound, Conflict when it was started.
func (s *Requests) Discard(ctx context.Context, b business.Business, id ID) error {
	return s.DB.InTx(ctx, func(tx *db.Tx) error {
		batch, err := s.get(ctx, tx, b, id)
		if err != nil {
			return err
		}
		if batch.State != Draft {
			return fault.New(fault.Conflict, "This batch was started already. You can stop it.")
		}
		if _, err := tx.Exec(ctx, `DELETE FROM request_rows WHERE business_id = $1 AND batch_id = $2`, b.ID, id); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM request_batches WHERE business_id = $1 AND id = $2 AND state = 'draft'`, b.ID, id)
		return err
	})
}

// recent is how many batches are listed.
const recent = 10

// Recent are the newest batches, drafts too.
func (s *Requests) Recent(ctx context.Context, b business.Business) ([]Batch, error) {
	var ids []ID
	if err := s.DB.Select(ctx, &ids, `SELECT id FROM request_batches WHERE business_id = $1 AND mode = $2 ORDER BY created_at DESC, id DESC LIMIT $3`, b.ID, b.Mode, recent); err != nil {
		return nil, err
	}
	all := make([]Batch, 0, len(ids))
	for _, id := range ids {
		batch, err := s.Get(ctx, b, id)
		if err != nil {
			return nil, err
		}
		all = append(all, batch)
	}
	return all, nil
}

// Reached is a row of a draft with the ways that are open to it.
type Reached struct {
	Row
	Ways []message.Channel
	// Closed are the chosen ways that are not.
	Closed []delivery.Way
}

// Reached tells by which of the ways each row that waits would be sent now. All is read
// again when it is sent.
func (s *Requests) Reached(ctx context.Context, b business.Business, rows []Row, channels []message.Channel) ([]Reached, error) {
	people := make([]customer.Customer, len(rows))
	for i, r := range rows {
		f := fieldsOfCustomer(b, r)
		if id, err := s.Customers.WithEmail(ctx, s.DB, b.ID, f.Email); err != nil {
			return nil, err
		} else if id != "" {
			if people[i], err = s.Customers.Get(ctx, b.ID, id); err != nil {
				return nil, err
			}
			if people[i].Phone != "" {
				continue
			}
		}
		people[i].Name, people[i].Email = f.Name, f.Email
		if number, refusal := customer.ParsePhone(f.Phone, b); refusal == nil {
			people[i].Phone = number
		}
	}
	reach, err := s.Deliveries.ReachAll(ctx, s.DB, b, people)
	if err != nil {
		return nil, err
	}
	all := make([]Reached, len(rows))
	for i, r := range rows {
		all[i].Row = r
		for _, channel := range channels {
			if way := reach[i].Way(channel); way.Possible() {
				all[i].Ways = append(all[i].Ways, channel)
			} else {
				all[i].Closed = append(all[i].Closed, way)
			}
		}
	}
	return all, nil
}

// Parts is how many parts the SMS to a row has with these words, as gateways charge it.
func (s *Requests) Parts(b business.Business, name string, r Row, words string) (int64, error) {
	who := customer.Customer{Fields: fieldsOfCustomer(b, r)}
	said := strings.ReplaceAll(personal(words, r), "{amount}", r.Amount.Format(b.Locale))
	return s.Deliveries.Parts(b, link.Link{Fields: fieldsOf(name, r)}, who, delivery.KindSend, said)
}
