package message

// EveryKind is every kind of mail that can be queued.
func EveryKind() []Kind {
	var kinds []Kind
	for k := range readers() {
		kinds = append(kinds, k)
	}
	return kinds
}
