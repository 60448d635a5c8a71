package importer

import (
	"context"

	"smartlinks/internal/business"
)

// Preview says what starting an import would do.
type Preview struct {
	Counts        // nothing is Waiting
	Sample  []Row // the first lines
	Refused []Row // the first that can't be made
}

// The bounds of a preview: it counts all lines and shows a few.
const (
	sampleRows  = 5
	refusedRows = 20
)

// Preview judges every line as things stand now, and writes nothing.
func (s *Imports) Preview(ctx context.Context, b business.Business, i Import) (p Preview, err error) {
	seen := map[string]bool{}
	for after := int64(0); ; {
		rows, err := s.rows(ctx, b.ID, i.ID, waiting, after, 10*rowsAtOnce)
		if err != nil || len(rows) == 0 {
			return p, err
		}
		for _, r := range rows {
			after = r.Line
			v, err := s.judge(ctx, s.DB, b, i, r)
			if err != nil {
				return p, err
			}
			v.besides(i, seen)
			p.add(r, v)
		}
	}
}

// besides judges the line beside those above it in the file.
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
