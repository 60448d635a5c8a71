package provider

// Later reports whether a dispute may go from one state to the other.
func (s DisputeState) Later(to DisputeState) bool {
	return s == DisputeOpen && to != DisputeOpen || s == DisputeLost && to == DisputeWon
}
