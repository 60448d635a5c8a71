package system

// What tests of this package look at.
var (
	KeptForGood = keptForGood
)

// Swept are the tables that a sweep keeps small, and its name.
func (r *System) Swept() map[string]string {
	swept := map[string]string{}
	for _, s := range r.sweeps() {
		for _, table := range s.tables {
			swept[table] = s.name
		}
	}
	return swept
}
