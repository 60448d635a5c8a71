package importer

import (
	"context"
	"slices"

	"smartlinks/internal/business"
	"smartlinks/internal/db"
	"smartlinks/internal/fault"
	"smartlinks/internal/i18n"
)

// Choose sets what the columns become and how what is known is treated, while
// the import is ready. fields has a Field's name, or "", for each column. A field
// that two columns claim is an Invalid fault at "fields".
func (s *Imports) Choose(ctx context.Context, businessID business.ID, id ID, fields []string, o Options) error {
	return s.DB.InTx(ctx, func(tx *db.Tx) error {
		i, err := get(ctx, tx, businessID, id)
		if err != nil {
			return err
		}
		switch o.DateOrder {
		case ByFile, YearFirst, DayFirst, MonthFirst:
		default:
			return errOpenDates()
		}
		chosen, err := i.choose(fields)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE imports SET fields = $3, update_known = $4, repeat = $5, dates = $6 WHERE business_id = $1 AND id = $2 AND state = 'ready'`,
			businessID, id, encode(chosen), o.UpdateKnown, o.Repeat, o.DateOrder)
		if err == nil && n == 0 {
			return errStarted
		}
		return err
	})
}

var errStarted = fault.New(fault.Conflict, "This import has been started already. Its page shows how far it is.")

func (i Import) choose(fields []string) ([]string, error) {
	known, chosen := FieldsOf(i.Kind), make([]string, len(i.Header))
	var wrong fault.Fields
	for at, name := range fields {
		index := slices.IndexFunc(known, func(f Field) bool { return f.Name == name })
		switch {
		case name == "" || at >= len(chosen):
			continue
		case index < 0:
			wrong.Add("fields", "", "Choose one of the fields that are offered.")
		case slices.Contains(chosen, name):
			wrong.Add("fields", "", "Two columns are “"+known[index].Label+"”. Choose which one it is, and leave the other out.")
		}
		chosen[at] = name
	}
	return chosen, wrong.Err()
}

// Lacks says which field has to be matched before anything can be made, "" when
// nothing is missing.
func (i Import) Lacks() string {
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(i.Fields, name) })
	}
	switch {
	case i.Kind == Customers && !has("name", "first_name", "last_name", "email"):
		return i18n.Mark("Choose which column is the name or the email address.")
	case i.Kind == Payments && !has("date"):
		return i18n.Mark("Choose which column is the date.")
	case i.Kind == Payments && !has("amount"):
		return i18n.Mark("Choose which column is the amount.")
	case i.Kind == Links && !has("name"):
		return i18n.Mark("Choose which column is the name.")
	case i.Kind == Links && !has("amount", "product"):
		return i18n.Mark("Choose which column is the amount or the product.")
	}
	return ""
}

// Start sets a ready import going. Errors: NotFound, Conflict when it was started
// already or another of its kind is running, Invalid when a column is missing.
func (s *Imports) Start(ctx context.Context, businessID business.ID, id ID) error {
	err := s.DB.InTx(ctx, func(tx *db.Tx) error {
		i, err := get(ctx, tx, businessID, id)
		if err != nil {
			return err
		}
		if why := i.Lacks(); why != "" {
			var wrong fault.Fields
			wrong.Add("fields", "", why)
			return wrong.Err()
		}
		order, err := dates(ctx, tx, businessID, i)
		if err != nil {
			return err
		}
		if order.Open {
			return errOpenDates()
		}
		// The lines that are left later may tell less than all of them do now.
		n, err := tx.Exec(ctx, `UPDATE imports SET state = 'running', original = NULL, due_at = $3, dates = $4 WHERE business_id = $1 AND id = $2 AND state = 'ready'`,
			businessID, id, db.At(s.DB.Clock().Wall()), order.Order)
		if err != nil {
			return err
		}
		if n == 0 {
			return errStarted
		}
		tx.Notify(Topic, string(id))
		s.running.Due(tx)
		return nil
	})
	if db.IsUnique(err) {
		return fault.New(fault.Conflict, "Another import is still running. Start this one when it is done.")
	}
	return err
}

// Topic is under which the progress of an import is told, by its id.
const Topic = "import"

// Stop ends a running import behind the line that is being made. What was made
// stays.
func (s *Imports) Stop(ctx context.Context, businessID business.ID, id ID) error {
	return s.end(ctx, businessID, id, Stopped)
}

func (s *Imports) end(ctx context.Context, businessID business.ID, id ID, state State) error {
	return s.DB.InTx(ctx, func(tx *db.Tx) error {
		if _, err := get(ctx, tx, businessID, id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE imports SET state = $3, finished_at = $4, due_at = NULL WHERE business_id = $1 AND id = $2 AND state = 'running'`,
			businessID, id, state, db.At(tx.Now()))
		tx.Notify(Topic, string(id))
		return err
	})
}

// Discard removes an import that was never started.
func (s *Imports) Discard(ctx context.Context, businessID business.ID, id ID) error {
	return s.DB.InTx(ctx, func(tx *db.Tx) error {
		if _, err := get(ctx, tx, businessID, id); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE imports SET state = 'reading' WHERE business_id = $1 AND id = $2 AND state = 'ready'`, businessID, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return errStarted
		}
		if _, err := tx.Exec(ctx, `DELETE FROM import_rows WHERE business_id = $1 AND import_id = $2`, businessID, id); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM imports WHERE business_id = $1 AND id = $2`, businessID, id)
		return err
	})
}
