package importer

import (
	"context"

	"smartlinks/internal/business"
)

// Preview says what starting an import would do.
type Preview struct {
	Counts        // what was judged; Waiting are the lines behind judgedMost
	Sample  []Row // the first lines
	Refused []Row // the first that can't be made
	Dates   Dates
}

// The bounds of a preview: somebody waits for it.
const (
	judgedMost  = 2000
	sampleRows  = 5
	refusedRows = 8
)

// Preview judges the lines as things stand now, the first 2,000 of them, and
// writes nothing. The import has to be Ready.
func (s *Imports) Preview(ctx context.Context, b business.Business, i Import) (p Preview, err error) {
	rows, err := s.rows(ctx, b.ID, i.ID, waiting, 0, judgedMost)
	if err != nil {
		return p, err
	}
	if p.Dates, err = s.Dates(ctx, b.ID, i); err != nil {
		return p, err
	}
	i.DateOrder = p.Dates.Order
	p.Dates.Day = p.Dates.shown(i, b)
	seen, verdicts, alike := map[string]bool{}, make([]verdict, len(rows)), map[string]int64{}
	for turn := range i.turns() {
		for n, r := range rows {
			if verdicts[n].outcome != "" {
				continue
			}
			if ready, err := s.ready(ctx, s.DB, b, i, r, turn, seen); err != nil {
				return p, err
			} else if !ready {
				continue
			}
			said := valuesOf(i.Fields, r.Cells).fingerprint(i.Kind)
			if verdicts[n], err = s.judge(ctx, s.DB, b, i, r, alike[said], seen); err != nil {
				return p, err
			}
			alike[said]++
			verdicts[n].besides(i, seen)
		}
	}
	for n, r := range rows {
		p.add(r, verdicts[n])
	}
	p.Waiting = i.Waiting - int64(len(rows))
	return p, nil
}

// besides judges the line beside those of the file that are made before it.
func (v *verdict) besides(i Import, seen map[string]bool) {
	if v.outcome != created {
		return
	}
	switch {
	case v.key != "" && seen[v.key]:
		v.outcome = kept
		if i.Kind == Customers && i.UpdateKnown {
			v.outcome = updated
		}
	case v.recognised(i) && seen[v.fingerprint]:
		v.outcome = repeated
	}
	seen[v.key], seen[v.fingerprint] = true, true
}

func (p *Preview) add(r Row, v verdict) {
	*p.count(v.outcome)++
	r.Problems = v.problems
	if len(p.Sample) < sampleRows {
		p.Sample = append(p.Sample, r)
	}
	if v.outcome == failed && len(p.Refused) < refusedRows {
		p.Refused = append(p.Refused, r)
	}
}
