package visit

// maxValues bounds the different values of a facet of one target on a
// day: referrers and campaigns are written by strangers, who could fill the
// database with them. What comes above it counts as otherValues.
const maxValues = 200

// otherValues stands for all values above the bound.
const otherValues = "(other)"

// valueBound knows the values of the present day, in this process.
type valueBound struct {
	day    int64
	values map[group]map[string]struct{}
}

type group struct {
	target
	facet Facet
}

// limit gives the key of the row that the value counts in. Views of earlier days,
// which come from a spool file or an import, are few and not bounded.
func (s *valueBound) limit(at facetKey) facetKey {
	switch {
	case at.day < s.day:
		return at
	case at.day > s.day || s.values == nil:
		s.day, s.values = at.day, map[group]map[string]struct{}{}
	}
	g := group{at.target, at.facet}
	known := s.values[g]
	if known == nil {
		known = map[string]struct{}{}
		s.values[g] = known
	}
	if _, found := known[at.value]; found {
		return at
	}
	if len(known) >= maxValues {
		at.value = otherValues
		return at
	}
	known[at.value] = struct{}{}
	return at
}
