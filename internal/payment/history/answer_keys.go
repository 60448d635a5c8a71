package history

import (
	"context"
	"maps"
	"slices"

	"smartlinks/internal/business"
	"smartlinks/internal/checkout"
	"smartlinks/internal/payment/attempt"
)

// answersAtOnce bounds how many attempts are read at once.
const answersAtOnce = 1000

// AnswerKeys are the keys of all questions that payers of a business have answered, in
// the order of the alphabet.
func (r *Reader) AnswerKeys(ctx context.Context, businessID business.ID, mode business.Mode) ([]string, error) {
	keys, last := map[string]bool{}, attempt.ID("")
	for {
		var part []struct {
			ID      attempt.ID
			Answers checkout.Answers
		}
		if err := r.db.Select(ctx, &part, `SELECT id, answers FROM attempts WHERE business_id = $1 AND mode = $2 AND answers <> '' AND id > $3 ORDER BY id LIMIT $4`,
			businessID, mode, last, answersAtOnce); err != nil {
			return nil, err
		}
		for _, a := range part {
			last = a.ID
			for _, f := range a.Answers.Fields {
				keys[f.Key] = true
			}
		}
		if len(part) < answersAtOnce {
			return slices.Sorted(maps.Keys(keys)), nil
		}
	}
}
